package io.batpak.benches;

import java.io.IOException;

/// Something that keeps events of {@value #PAYLOAD_BYTES} bytes in order: a floor, a peer or the
/// store.
///
/// Lifetime: opened by its {@link Entrant}, `append` from all callers, `readAll` by one thread
/// after the last append, `close`. Any method may throw what it likes; the trial is then reported
/// as not run.
public interface Subject extends AutoCloseable {

  /// Length of every payload, in bytes.
  int PAYLOAD_BYTES = 100;

  /// How many events one caller has on their way when it submits.
  int IN_FLIGHT_MAX = 1_024;

  /// Appends one event and returns when it has reached the durability asked for.
  ///
  /// @param caller which thread calls, `0..callers-1`; one number is never used by two at once
  /// @param payload {@value #PAYLOAD_BYTES} bytes, to be copied
  /// @throws Exception if the event could not be kept
  void append(int caller, byte[] payload) throws Exception;

  /// Appends events together, as far as the subject knows of that; otherwise one after the other.
  ///
  /// @param caller as above
  /// @param payloads of {@value #PAYLOAD_BYTES} bytes each, to be copied
  /// @throws Exception if one of the events could not be kept
  default void appendBatch(int caller, byte[][] payloads) throws Exception {
    for (byte[] payload : payloads) {
      append(caller, payload);
    }
  }

  /// Hands one event over without waiting for it, as far as the subject knows of that; otherwise
  /// waits. At most {@value #IN_FLIGHT_MAX} are on their way.
  ///
  /// @param caller as above
  /// @param payload {@value #PAYLOAD_BYTES} bytes, to be copied
  /// @throws Exception if an event could not be kept
  default void submit(int caller, byte[] payload) throws Exception {
    append(caller, payload);
  }

  /// Waits for what a caller has handed over.
  ///
  /// @param caller as above
  /// @throws Exception if an event could not be kept
  default void settle(int caller) throws Exception {}

  /// Appends one event to what all callers share, expecting that nobody else has since the last
  /// look, and tries again until that is so; as far as the subject knows of that.
  ///
  /// @param caller as above
  /// @param payload {@value #PAYLOAD_BYTES} bytes, to be copied
  /// @throws Exception if the event could not be kept
  default void appendHot(int caller, byte[] payload) throws Exception {
    append(caller, payload);
  }

  /// {@return how many events it held when it was opened}
  default long eventsAtOpen() {
    return 0;
  }

  /// Ends the warm-up. Called once, between two appends, before the measured ones.
  default void warmedUp() {}

  /// {@return how many more events it can take in the shape it was opened for; unlimited by
  /// default}
  default long room() {
    return Long.MAX_VALUE;
  }

  /// Reads every event back from the first to the last, touching its bytes.
  ///
  /// @return how many there are
  /// @throws Exception if they could not be read
  long readAll() throws Exception;

  @Override
  void close() throws IOException;
}
