package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;

/// The codec of {@link AccountV1}: kind 2:001, version 1.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class AccountV1Codec implements PayloadCodec<AccountV1> {

  private static final EventKind KIND = new EventKind(0x2, 0x001);

  private static final NameTable ACCOUNT_V1_NAMES = NameTable.of("owner", "euros");

  /// Creates the codec; it has no state.
  public AccountV1Codec() {}

  @Override
  public Class<AccountV1> type() {
    return AccountV1.class;
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
  public void write(AccountV1 payload, MessageWriter out) {
    out.payload("good.AccountV1");
    writeAccountV1(out.present(payload), out);
  }

  @Override
  public AccountV1 read(MessageReader in, int version) {
    in.payload("good.AccountV1");
    if (version != 1) {
      throw in.malformed("version " + version + " is unknown, the newest known is 1");
    }
    return readAccountV1(in);
  }

  private static void writeAccountV1(AccountV1 value, MessageWriter out) {
    out.enterRecord(2);
    out.writeField(ACCOUNT_V1_NAMES, 0);
    out.writeString(out.present(value.owner()));
    out.writeField(ACCOUNT_V1_NAMES, 1);
    out.writeLong(value.euros());
    out.leaveRecord();
  }

  private static AccountV1 readAccountV1(MessageReader in) {
    String owner = null;
    int euros = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(ACCOUNT_V1_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> owner = in.readString();
        case 1 -> euros = in.readInt();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x3L) != 0x3L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("owner");
      }
      if ((seen & 0x2L) == 0) {
        throw in.missing("euros");
      }
    }
    in.leaveRecord();
    try {
      return new AccountV1(owner, euros);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }
}
