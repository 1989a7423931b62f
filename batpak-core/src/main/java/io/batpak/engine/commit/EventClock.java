package io.batpak.engine.commit;

import io.batpak.engine.platform.Entropy;
import io.batpak.event.Hlc;

/// The hybrid logical clock and the ids that are minted from it. For the holder of the writer role.
///
/// The wall part never descends; the counter advances when the wall part did not, and resets when
/// it did (Kulkarni et al., 2014). Ids are UUIDv7 (RFC 9562, section 6.2, method 2): 48 bits of the
/// wall part, then 74 bits that are random in the first event of a millisecond and grow by a random
/// step in the next ones, so that ids sort as sequences do. They go on from the last event's id
/// after a restart, also when the wall clock has run backwards; that is why they are minted here
/// and not by a library.
final class EventClock {

  private static final long VERSION = 0x7000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long LOW_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
  private static final long HIGH_RANDOM_MASK = 0xFFF;

  /// Steps of up to 2^32 within 2^74: a millisecond would need 2^42 events to run out.
  private static final long STEP_MASK = 0xFFFF_FFFFL;

  private final Entropy entropy;
  private long wallMillis;
  private int counter;
  private long idHigh;
  private long idLow;

  /// Goes on behind the last event of a log.
  EventClock(Entropy entropy, long lastIdHigh, long lastIdLow, int lastCounter) {
    this.entropy = entropy;
    this.wallMillis = lastIdHigh >>> 16;
    this.counter = lastCounter;
    this.idHigh = lastIdHigh;
    this.idLow = lastIdLow;
  }

  /// Takes the next reading.
  void advance(long nowMillis) {
    long now = Math.min(nowMillis, Hlc.WALL_MILLIS_MAX);
    if (now > wallMillis) {
      begin(now);
    } else if (counter == Integer.MAX_VALUE) {
      begin(wallMillis + 1);
    } else {
      counter++;
      step();
    }
  }

  /// Takes a remote reading in: the next one of this clock is later than both.
  ///
  /// @return the reading that has been reached
  Hlc observe(Hlc remote) {
    if (remote.wallMillis() > wallMillis) {
      begin(remote.wallMillis());
      counter = remote.counter();
    } else if (remote.wallMillis() == wallMillis) {
      counter = Math.max(counter, remote.counter());
    }
    return new Hlc(wallMillis, counter);
  }

  private void begin(long wall) {
    long random = entropy.nextLong();
    long high = entropy.nextLong() & HIGH_RANDOM_MASK;
    // Only assignments from here on: an exhausted stack changes all of it or nothing.
    wallMillis = wall;
    counter = 0;
    idHigh = wall << 16 | VERSION | high;
    idLow = VARIANT | random & LOW_MASK;
  }

  private void step() {
    long low = (idLow & LOW_MASK) + (entropy.nextLong() & STEP_MASK) + 1;
    idLow = VARIANT | low & LOW_MASK;
    if (low > LOW_MASK) {
      long random = (idHigh & HIGH_RANDOM_MASK) + 1;
      if (random > HIGH_RANDOM_MASK) {
        begin(wallMillis + 1);
      } else {
        idHigh++;
      }
    }
  }

  long idHigh() {
    return idHigh;
  }

  long idLow() {
    return idLow;
  }

  int counter() {
    return counter;
  }
}
