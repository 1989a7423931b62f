package io.batpak.cli;

import io.batpak.StoredEvent;
import io.batpak.event.EventHeader;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One event as one line.
final class EventLine {

  private EventLine() {}

  /// {@return sequence, commit time, kind, entity, scope, clock and payload}
  static String text(StoredEvent event) {
    EventHeader header = event.header();
    return header.sequence()
        + "  "
        + Instant.ofEpochMilli(header.hlc().wallMillis())
        + "  "
        + header.kind()
        + "  "
        + JsonText.visible(header.coordinate().entity())
        + "  "
        + JsonText.visible(header.coordinate().scope())
        + "  #"
        + header.clock()
        + "  "
        + MessagePackText.of(event.payload());
  }

  /// {@return a JSON object with everything of the header, the event hash and the payload}
  static String json(StoredEvent event) {
    EventHeader header = event.header();
    return new JsonText()
        .number("sequence", header.sequence())
        .string("id", header.id())
        .number("wallMillis", header.hlc().wallMillis())
        .number("counter", header.hlc().counter())
        .string("kind", header.kind())
        .number("version", header.version())
        .number("flags", header.flags())
        .string("entity", header.coordinate().entity())
        .string("scope", header.coordinate().scope())
        .number("clock", header.clock())
        .number("lane", header.position().lane())
        .number("depth", header.position().depth())
        .string("correlation", header.correlation())
        .raw("causation", header.causation().map(JsonText::quoted).orElse("null"))
        .raw(
            "tags",
            header.tags().stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]")))
        .raw("key", header.key().map(JsonText::quoted).orElse("null"))
        .raw(
            "extensions",
            new TreeMap<>(header.extensions())
                .entrySet().stream()
                    .map(EventLine::extension)
                    .collect(Collectors.joining(",", "{", "}")))
        .number("more", header.more())
        .number("unforced", header.unforced())
        .string("previousHash", header.previousHash())
        .string("contentHash", event.contentHash())
        .string("hash", event.hash())
        .raw("payload", MessagePackText.of(event.payload()))
        .end();
  }

  private static String extension(Map.Entry<String, ?> entry) {
    return JsonText.quoted(entry.getKey()) + ":" + JsonText.quoted(entry.getValue());
  }
}
