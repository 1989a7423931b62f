package good;

import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Upcast;

@EventPayload(category = 2, type = 1, version = 3)
record Account(String owner, String currency, long cents) {

  @Upcast
  static Account withCurrency(AccountV2 before) {
    return new Account(before.owner(), "EUR", before.cents());
  }
}

@EventPayload(category = 2, type = 1, version = 2)
record AccountV2(String owner, long cents) {

  @Upcast
  static AccountV2 inCents(AccountV1 before) {
    return new AccountV2(before.owner(), before.euros() * 100L);
  }
}

@EventPayload(category = 2, type = 1)
record AccountV1(String owner, int euros) {}
