package io.batpak;

import io.batpak.event.Bytes;
import io.batpak.event.EventKind;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The states of simulated entities, each with any bytes; codecs written by hand.
sealed interface Phase {

  /// {@return the bytes}
  Bytes content();

  /// What can be started or gone on with.
  sealed interface Waiting extends Phase permits Planned, Paused {}

  /// The beginning.
  ///
  /// @param content the bytes
  record Planned(Bytes content) implements Waiting, After<Start> {}

  /// Under way.
  ///
  /// @param content the bytes
  record Running(Bytes content) implements Phase, After<Waiting> {}

  /// Held up.
  ///
  /// @param content the bytes
  record Paused(Bytes content) implements Waiting, After<Running> {}

  /// Over, whatever it was before.
  ///
  /// @param content the bytes
  record Done(Bytes content) implements Phase, After<Object> {}

  StateMachine<Phase> MACHINE = StateMachine.of(Phase.class);

  List<Transition<?, ?>> TRANSITIONS =
      List.of(
          MACHINE.start(Planned.class),
          MACHINE.start(Done.class),
          MACHINE.transition(Waiting.class, Running.class),
          MACHINE.transition(Planned.class, Running.class),
          MACHINE.transition(Running.class, Paused.class),
          MACHINE.transition(Phase.class, Done.class),
          MACHINE.transition(Done.class, Done.class));

  int VERSION = 2;

  List<Codec<?>> CODECS =
      List.of(
          new Codec<>(Planned.class, 0x0C0, Planned::new),
          new Codec<>(Running.class, 0x0C1, Running::new),
          new Codec<>(Paused.class, 0x0C2, Paused::new),
          new Codec<>(Done.class, 0x0C3, Done::new));

  /// {@return the payloads of simulated events, and these}
  static Catalogue catalogue() {
    var codecs = new ArrayList<PayloadCodec<?>>(CODECS);
    codecs.add(Blob.CATALOGUE.codec(Blob.class));
    return Catalogue.of(codecs);
  }

  /// {@return the codec of a state's kind}
  static Optional<Codec<?>> codec(EventKind kind) {
    return CODECS.stream()
        .<Codec<?>>map(codec -> codec)
        .filter(codec -> codec.kind().equals(kind))
        .findFirst();
  }

  /// {@return the codec of a state}
  static Codec<?> codec(Class<?> type) {
    return CODECS.stream().filter(codec -> codec.type().equals(type)).findFirst().orElseThrow();
  }

  /// The codec of one state: a bin.
  ///
  /// @param type the state
  /// @param number the kind's lower 12 bits
  /// @param made makes one
  record Codec<T extends Record & Phase>(Class<T> type, int number, Function<Bytes, T> made)
      implements PayloadCodec<T> {

    @Override
    public EventKind kind() {
      return new EventKind(0xE, number);
    }

    @Override
    public int version() {
      return VERSION;
    }

    @Override
    public void write(T payload, MessageWriter out) {
      out.writeBinary(payload.content().toByteArray());
    }

    @Override
    public T read(MessageReader in, int version) {
      return made.apply(Bytes.copyOf(in.readBinary()));
    }
  }
}
