package io.batpak.examples;

import io.batpak.BatchAppended;
import io.batpak.BatchOptions;
import io.batpak.Conflict;
import io.batpak.Decoded;
import io.batpak.EventEntry;
import io.batpak.Expected;
import io.batpak.KeyReused;
import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Tag;
import io.batpak.event.Coordinate;
import io.batpak.query.Region;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;

/// Moves money between accounts. Both sides of a transfer are one batch; it expects the source to
/// be as it was read, so no update is lost; its key is the request, so a request that is sent again
/// is not made again.
///
/// `Ledger DIRECTORY`
public final class Ledger {

  private static final int ACCOUNTS = 4;
  private static final long START_CENTS = 1_000;
  private static final int CALLERS = 8;
  private static final int REQUESTS = 25;

  /// What became of a request.
  enum Answer {
    /// It was made, now or by an earlier attempt.
    MADE,
    /// The source has not got so much.
    TOO_LITTLE
  }

  /// Money came in.
  ///
  /// @param request which request brought it
  /// @param cents how much
  @EventPayload(category = 0x1, type = 0x004)
  record Credited(@Tag String request, long cents) {}

  /// Money went out.
  ///
  /// @param request which request took it
  /// @param cents how much
  @EventPayload(category = 0x1, type = 0x005)
  record Debited(@Tag String request, long cents) {}

  /// What an account was when it was read.
  ///
  /// @param cents its balance
  /// @param expected its revision
  private record Seen(long cents, Expected expected) {}

  private Ledger() {}

  /// Moves money, all of it or none.
  ///
  /// @param store the store
  /// @param request made up by the caller before the first attempt
  /// @param source the account that is debited
  /// @param target the account that is credited
  /// @param cents how much
  /// @return what became of it; any number of attempts have one effect
  static Answer transfer(Store store, String request, String source, String target, long cents) {
    while (true) {
      Seen seen = look(store, source);
      if (seen.cents < cents && !made(store, source, request)) {
        return Answer.TOO_LITTLE;
      }
      BatchAppended answer =
          store.appendBatchIf(
              List.of(
                  NewEvent.of(at(source), new Debited(request, cents)).when(seen.expected),
                  NewEvent.of(at(target), new Credited(request, cents))),
              BatchOptions.durable().key("transfer:" + request));
      switch (answer) {
        case BatchAppended.Receipts _ -> {
          return Answer.MADE;
        }
        case Conflict _ -> {} // the source has moved: look again
        case KeyReused reused ->
            throw new IllegalArgumentException(
                request + " was another transfer, event " + reused.sequence());
      }
    }
  }

  /// Whether an earlier attempt was made, and only its answer was lost. The key would say so too,
  /// but a balance that is too low now must not keep the repeat from being asked.
  private static boolean made(Store store, String source, String request) {
    return store.query(Region.entity(source).tag("request:" + request)).first().isPresent();
  }

  /// {@return the balance, and the revision that it is the balance of}
  private static Seen look(Store store, String account) {
    long cents = 0;
    Expected expected = Expected.noStream();
    for (EventEntry entry : store.entity(account)) {
      expected = Expected.exactly(entry.clock());
      switch (entry.decode()) {
        case Decoded.Known(Credited credited) -> cents += credited.cents;
        case Decoded.Known(Debited debited) -> cents -= debited.cents;
        case Decoded.Known _, Decoded.UnknownKind _ -> {}
        case Decoded.Malformed malformed -> throw malformed.cause();
      }
    }
    return new Seen(cents, expected);
  }

  static long balance(Store store, String account) {
    return look(store, account).cents;
  }

  private static Coordinate at(String account) {
    return Coordinate.of(account, "bank");
  }

  private static String account(int number) {
    return "account:" + number % ACCOUNTS;
  }

  /// Opens an account, unless that has been done.
  static void open(Store store, String account, long cents) {
    var _ =
        store
            .appendIf(
                NewEvent.of(at(account), new Credited("open-" + account, cents))
                    .when(Expected.noStream())
                    .key("open:" + account))
            .orThrow();
  }

  /// Runs it. The second time it makes nothing new.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]))) {
      for (int i = 0; i < ACCOUNTS; i++) {
        open(store, account(i), START_CENTS);
      }
      try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CALLERS; i++) {
          int caller = i;
          callers.execute(() -> call(store, caller));
        }
      }
      long total = 0;
      for (int i = 0; i < ACCOUNTS; i++) {
        total += balance(store, account(i));
      }
      System.out.println("the accounts have " + total + " cents");
      System.out.println(transfer(store, "greed", account(0), account(1), 2 * total));
    }
  }

  /// One caller, who sends every request twice.
  private static void call(Store store, int caller) {
    for (int i = 0; i < REQUESTS; i++) {
      String request = caller + "-" + i;
      for (int attempt = 0; attempt < 2; attempt++) {
        var _ = transfer(store, request, account(caller + i), account(caller + i + 1), 1);
      }
    }
  }
}
