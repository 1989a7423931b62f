package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;

/// The codec of {@link Shapes.Cleared}: kind F:001, version 1.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class Shapes_ClearedCodec implements PayloadCodec<Shapes.Cleared> {

  private static final EventKind KIND = new EventKind(0xF, 0x001);

  private static final NameTable CLEARED_NAMES = NameTable.of();

  /// Creates the codec; it has no state.
  public Shapes_ClearedCodec() {}

  @Override
  public Class<Shapes.Cleared> type() {
    return Shapes.Cleared.class;
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
  public void write(Shapes.Cleared payload, MessageWriter out) {
    out.payload("good.Shapes.Cleared");
    writeCleared(out.present(payload), out);
  }

  @Override
  public Shapes.Cleared read(MessageReader in, int version) {
    in.payload("good.Shapes.Cleared");
    if (version != 1) {
      throw in.malformed("version " + version + " is unknown, the newest known is 1");
    }
    return readCleared(in);
  }

  private static void writeCleared(Shapes.Cleared value, MessageWriter out) {
    out.enterRecord(0);
    out.leaveRecord();
  }

  private static Shapes.Cleared readCleared(MessageReader in) {
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(CLEARED_NAMES, field + 1, seen);
      switch (field) {
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    in.leaveRecord();
    try {
      return new Shapes.Cleared();
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }
}
