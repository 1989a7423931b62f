package io.batpak.testkit;

import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.Store;
import io.batpak.annotations.EventPayload;
import io.batpak.event.Coordinate;

/// The sample of the kit's tests: accounts, and money that must neither come nor go.
interface Account {

  @EventPayload(category = 0x3, type = 0x001)
  record Deposited(long cents) implements Account {}

  @EventPayload(category = 0x3, type = 0x002)
  record Withdrawn(long cents) implements Account {}

  /// Equal to nothing but itself, as records with arrays may be.
  @EventPayload(category = 0x3, type = 0x003)
  record Signed(String signature) implements Account {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return signature.hashCode();
    }
  }

  static Coordinate of(int number) {
    return Coordinate.of("account:" + number, "bank");
  }

  static long balance(long before, Account event) {
    return switch (event) {
      case Deposited deposited -> before + deposited.cents();
      case Withdrawn withdrawn -> before - withdrawn.cents();
      default -> before;
    };
  }

  static long balance(Store store, int number) {
    long balance = 0;
    for (EventEntry entry : store.entity(of(number).entity())) {
      if (entry.decode() instanceof Decoded.Known(Record payload)) {
        balance = balance(balance, (Account) payload);
      }
    }
    return balance;
  }
}
