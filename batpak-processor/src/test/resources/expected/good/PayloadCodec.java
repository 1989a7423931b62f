package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import java.util.ArrayList;
import java.util.List;

/// The codec of {@link Payload}: kind 4:001, version 2.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class PayloadCodec implements io.batpak.payload.PayloadCodec<Payload> {

  private static final EventKind KIND = new EventKind(0x4, 0x001);
  private static final io.batpak.payload.PayloadCodec<Payload.First> OLDER = new Payload_FirstCodec();

  private static final NameTable PAYLOAD_NAMES = NameTable.of("in", "seen");

  /// Creates the codec; it has no state.
  public PayloadCodec() {}

  @Override
  public Class<Payload> type() {
    return Payload.class;
  }

  @Override
  public EventKind kind() {
    return KIND;
  }

  @Override
  public int version() {
    return 2;
  }

  @Override
  public void write(Payload payload, MessageWriter out) {
    out.payload("good.Payload");
    writePayload(out.present(payload), out);
  }

  @Override
  public Payload read(MessageReader in, int version) {
    if (version < 2) {
      return Payload.of(OLDER.read(in, version));
    }
    in.payload("good.Payload");
    if (version != 2) {
      throw in.malformed("version " + version + " is unknown, the newest known is 2");
    }
    return readPayload(in);
  }

  private static void writePayload(Payload value, MessageWriter out) {
    out.enterRecord(2);
    out.writeField(PAYLOAD_NAMES, 0);
    out.writeLong(value.in());
    out.writeField(PAYLOAD_NAMES, 1);
    writeListOfString(out.present(value.seen()), out);
    out.leaveRecord();
  }

  private static Payload readPayload(MessageReader in) {
    int in_ = 0;
    List<String> seen_ = null;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(PAYLOAD_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> in_ = in.readInt();
        case 1 -> seen_ = readListOfString(in);
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x3L) != 0x3L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("in");
      }
      if ((seen & 0x2L) == 0) {
        throw in.missing("seen");
      }
    }
    in.leaveRecord();
    try {
      return new Payload(in_, seen_);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeListOfString(List<String> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (String element : value) {
      out.writeString(out.present(element));
    }
  }

  private static List<String> readListOfString(MessageReader in) {
    int count = in.readArrayHeader();
    List<String> elements = new ArrayList<>(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      elements.add(in.readString());
    }
    return List.copyOf(elements);
  }
}
