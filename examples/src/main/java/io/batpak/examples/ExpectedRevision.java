package io.batpak.examples;

import io.batpak.Appended;
import io.batpak.Expected;
import io.batpak.Receipt;
import io.batpak.Refusal;
import io.batpak.Store;
import io.batpak.annotations.EventPayload;
import io.batpak.event.Coordinate;
import java.nio.file.Path;

/// Decides on what was read: an append that expects the last event it saw is refused when another
/// was faster, and then decides again.
///
/// `ExpectedRevision DIRECTORY`
public final class ExpectedRevision {

  private static final Coordinate SEAT = Coordinate.of("seat:12A", "flight:LH400");

  private ExpectedRevision() {}

  /// Somebody took a seat.
  ///
  /// @param passenger who
  @EventPayload(category = 0x1, type = 0x002)
  record Taken(String passenger) {}

  /// Runs it.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]))) {
      take(store, "Ada");
      take(store, "Grace");
    }
  }

  /// Both saw a free seat; one gets it.
  private static void take(Store store, String passenger) {
    Appended answer = store.appendIf(SEAT, new Taken(passenger), Expected.noStream());
    switch (answer) {
      case Receipt receipt ->
          System.out.println(passenger + " has the seat, event " + receipt.sequence());
      case Refusal refusal -> System.out.println(passenger + " is too late: " + refusal);
    }
  }
}
