package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;

/// The codec of {@link Payload.First}: kind 4:001, version 1.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class Payload_FirstCodec implements PayloadCodec<Payload.First> {

  private static final EventKind KIND = new EventKind(0x4, 0x001);

  private static final NameTable FIRST_NAMES = NameTable.of("in");

  /// Creates the codec; it has no state.
  public Payload_FirstCodec() {}

  @Override
  public Class<Payload.First> type() {
    return Payload.First.class;
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
  public void write(Payload.First payload, MessageWriter out) {
    out.payload("good.Payload.First");
    writeFirst(out.present(payload), out);
  }

  @Override
  public Payload.First read(MessageReader in, int version) {
    in.payload("good.Payload.First");
    if (version != 1) {
      throw in.malformed("version " + version + " is unknown, the newest known is 1");
    }
    return readFirst(in);
  }

  private static void writeFirst(Payload.First value, MessageWriter out) {
    out.enterRecord(1);
    out.writeField(FIRST_NAMES, 0);
    out.writeLong(value.in());
    out.leaveRecord();
  }

  private static Payload.First readFirst(MessageReader in) {
    int in_ = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(FIRST_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> in_ = in.readInt();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x1L) != 0x1L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("in");
      }
    }
    in.leaveRecord();
    try {
      return new Payload.First(in_);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }
}
