package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;

/// The codec of {@link AccountV2}: kind 2:001, version 2.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class AccountV2Codec implements PayloadCodec<AccountV2> {

  private static final EventKind KIND = new EventKind(0x2, 0x001);
  private static final PayloadCodec<AccountV1> OLDER = new AccountV1Codec();

  private static final NameTable ACCOUNT_V2_NAMES = NameTable.of("owner", "cents");

  /// Creates the codec; it has no state.
  public AccountV2Codec() {}

  @Override
  public Class<AccountV2> type() {
    return AccountV2.class;
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
  public void write(AccountV2 payload, MessageWriter out) {
    out.payload("good.AccountV2");
    writeAccountV2(out.present(payload), out);
  }

  @Override
  public AccountV2 read(MessageReader in, int version) {
    if (version < 2) {
      return AccountV2.inCents(OLDER.read(in, version));
    }
    in.payload("good.AccountV2");
    if (version != 2) {
      throw in.malformed("version " + version + " is unknown, the newest known is 2");
    }
    return readAccountV2(in);
  }

  private static void writeAccountV2(AccountV2 value, MessageWriter out) {
    out.enterRecord(2);
    out.writeField(ACCOUNT_V2_NAMES, 0);
    out.writeString(out.present(value.owner()));
    out.writeField(ACCOUNT_V2_NAMES, 1);
    out.writeLong(value.cents());
    out.leaveRecord();
  }

  private static AccountV2 readAccountV2(MessageReader in) {
    String owner = null;
    long cents = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(ACCOUNT_V2_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> owner = in.readString();
        case 1 -> cents = in.readLong();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x3L) != 0x3L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("owner");
      }
      if ((seen & 0x2L) == 0) {
        throw in.missing("cents");
      }
    }
    in.leaveRecord();
    try {
      return new AccountV2(owner, cents);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }
}
