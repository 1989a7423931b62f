package io.batpak.testkit;

import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.Store;
import io.batpak.event.Coordinate;
import io.batpak.event.EventLimits;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import io.batpak.query.Region;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// An event of a store as expectations see it.
///
/// @param coordinate where it lives
/// @param payload what it says
record EventLine(Coordinate coordinate, Decoded payload) {

  /// {@return all events of a store}
  static List<EventLine> all(Store store) {
    return from(store, 0);
  }

  /// {@return the events of a store from a sequence on}
  static List<EventLine> from(Store store, long sequence) {
    return store.query(Region.all().sequences(sequence, Long.MAX_VALUE)).stream()
        .map(EventLine::of)
        .toList();
  }

  private static EventLine of(EventEntry entry) {
    return new EventLine(entry.coordinate(), entry.decode());
  }

  /// {@return whether it says the same as a payload: equal, or written as the same bytes}
  boolean says(Record expected, Catalogue catalogue) {
    return payload instanceof Decoded.Known(Record known)
        && (known.equals(expected)
            || known.getClass() == expected.getClass()
                && Arrays.equals(bytes(known, catalogue), bytes(expected, catalogue)));
  }

  private static <T extends Record> byte[] bytes(T payload, Catalogue catalogue) {
    @SuppressWarnings("unchecked") // a record's class is the class of its payload type
    PayloadCodec<T> codec = catalogue.codec((Class<T>) payload.getClass());
    var out = new MessageWriter(EventLimits.PAYLOAD_BYTES_MAX);
    codec.write(payload, out);
    return out.toByteArray();
  }

  /// {@return the lines of a message, each with the same word in front}
  static String lines(String word, List<?> lines) {
    return lines.isEmpty()
        ? "\n  " + word + "  nothing"
        : lines.stream().map(line -> "\n  " + word + "  " + line).collect(Collectors.joining());
  }

  @Override
  public String toString() {
    return coordinate
        + " "
        + switch (payload) {
          case Decoded.Known(Record known) -> known;
          case Decoded.UnknownKind unknown -> "of unknown kind " + unknown.kind();
          case Decoded.Malformed malformed -> "malformed: " + malformed.cause().getMessage();
        };
  }
}
