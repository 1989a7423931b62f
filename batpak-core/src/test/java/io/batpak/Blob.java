package io.batpak;

import io.batpak.event.Bytes;
import io.batpak.event.EventKind;
import io.batpak.payload.Catalogue;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.PayloadCodec;
import java.util.List;

/// The payload of simulated events: any bytes, so that every length can be had.
///
/// @param content the bytes
record Blob(Bytes content) {

  static final EventKind KIND = new EventKind(0xE, 0x0A1);
  static final int VERSION = 3;
  static final Catalogue CATALOGUE = Catalogue.of(List.of(new Codec()));

  private static final int BYTES_MAX = 1 << 20;

  static Blob of(byte[] content) {
    return new Blob(Bytes.copyOf(content));
  }

  /// {@return the payload as it must stand in the log}
  byte[] messagePack() {
    var out = new MessageWriter(BYTES_MAX);
    new Codec().write(this, out);
    return java.util.Arrays.copyOf(out.array(), out.end());
  }

  private static final class Codec implements PayloadCodec<Blob> {

    @Override
    public Class<Blob> type() {
      return Blob.class;
    }

    @Override
    public EventKind kind() {
      return KIND;
    }

    @Override
    public int version() {
      return VERSION;
    }

    @Override
    public void write(Blob payload, MessageWriter out) {
      out.writeBinary(payload.content.toByteArray());
    }

    @Override
    public Blob read(MessageReader in, int version) {
      return Blob.of(in.readBinary());
    }
  }
}
