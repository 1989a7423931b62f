package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;

/// The codec of {@link Account}: kind 2:001, version 3.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class AccountCodec implements PayloadCodec<Account> {

  private static final EventKind KIND = new EventKind(0x2, 0x001);
  private static final PayloadCodec<AccountV2> OLDER = new AccountV2Codec();

  private static final NameTable ACCOUNT_NAMES = NameTable.of("owner", "currency", "cents");

  /// Creates the codec; it has no state.
  public AccountCodec() {}

  @Override
  public Class<Account> type() {
    return Account.class;
  }

  @Override
  public EventKind kind() {
    return KIND;
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public void write(Account payload, MessageWriter out) {
    out.payload("good.Account");
    writeAccount(out.present(payload), out);
  }

  @Override
  public Account read(MessageReader in, int version) {
    if (version < 3) {
      return Account.withCurrency(OLDER.read(in, version));
    }
    in.payload("good.Account");
    if (version != 3) {
      throw in.malformed("version " + version + " is unknown, the newest known is 3");
    }
    return readAccount(in);
  }

  private static void writeAccount(Account value, MessageWriter out) {
    out.enterRecord(3);
    out.writeField(ACCOUNT_NAMES, 0);
    out.writeString(out.present(value.owner()));
    out.writeField(ACCOUNT_NAMES, 1);
    out.writeString(out.present(value.currency()));
    out.writeField(ACCOUNT_NAMES, 2);
    out.writeLong(value.cents());
    out.leaveRecord();
  }

  private static Account readAccount(MessageReader in) {
    String owner = null;
    String currency = null;
    long cents = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(ACCOUNT_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> owner = in.readString();
        case 1 -> currency = in.readString();
        case 2 -> cents = in.readLong();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x7L) != 0x7L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("owner");
      }
      if ((seen & 0x2L) == 0) {
        throw in.missing("currency");
      }
      if ((seen & 0x4L) == 0) {
        throw in.missing("cents");
      }
    }
    in.leaveRecord();
    try {
      return new Account(owner, currency, cents);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }
}
