package io.batpak.examples;

import io.batpak.Receipt;
import io.batpak.Store;
import io.batpak.annotations.EventPayload;
import io.batpak.event.Coordinate;
import java.nio.file.Path;

/// Opens a store, appends, reads back.
///
/// `FirstSteps DIRECTORY`
public final class FirstSteps {

  private FirstSteps() {}

  /// Money came in.
  ///
  /// @param cents how much
  @EventPayload(category = 0x1, type = 0x001)
  record Deposited(long cents) {}

  /// Runs it.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]))) {
      Coordinate account = Coordinate.of("account:7", "bank");
      var _ = store.append(account, new Deposited(500));
      Receipt receipt = store.append(account, new Deposited(250));
      System.out.println("event " + receipt.sequence() + ", its hash " + receipt.hash());

      long balance = 0;
      for (Deposited deposited : store.entity("account:7").payloads(Deposited.class)) {
        balance += deposited.cents();
      }
      System.out.println("balance " + balance);
    }
  }
}
