package io.batpak;

import io.batpak.event.EventKind;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import java.util.List;

/// A payload with a codec written by hand, for tests that must not depend on generated code.
///
/// @param text any text
record Note(String text) {

  static final EventKind KIND = new EventKind(0x1, 0x001);

  static final Catalogue CATALOGUE = Catalogue.of(List.of(new Codec()));

  /// The codec: a str.
  static class Codec implements PayloadCodec<Note> {

    @Override
    public Class<Note> type() {
      return Note.class;
    }

    @Override
    public EventKind kind() {
      return KIND;
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public void write(Note payload, MessageWriter out) {
      out.writeString(payload.text());
    }

    @Override
    public Note read(MessageReader in, int version) {
      return new Note(in.readString());
    }
  }

  static RawPayload raw(String text) {
    return RawPayload.of(KIND, 1, messagePack(text));
  }

  static RawPayload raw(EventKind kind, String text) {
    return RawPayload.of(kind, messagePack(text));
  }

  static byte[] messagePack(String text) {
    var out = new MessageWriter(1 << 25);
    out.writeString(text);
    return out.toByteArray();
  }
}
