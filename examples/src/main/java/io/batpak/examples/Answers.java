package io.batpak.examples;

import io.batpak.AppendOptions;
import io.batpak.Awaited;
import io.batpak.Frontier;
import io.batpak.NewEvent;
import io.batpak.Receipt;
import io.batpak.Store;
import io.batpak.Submitted;
import io.batpak.Ticket;
import io.batpak.annotations.EventPayload;
import io.batpak.config.AckLevel;
import io.batpak.config.StoreConfig;
import io.batpak.config.SyncPolicy;
import io.batpak.event.Coordinate;
import java.nio.file.Path;
import java.time.Duration;

/// What an answer means, and when it comes: at once or later, visible or durable, waited for or
/// looked at.
///
/// `Answers DIRECTORY`
public final class Answers {

  private static final Coordinate DESK = Coordinate.of("desk:1", "office");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Answers() {}

  /// Somebody wrote something down.
  ///
  /// @param text what
  @EventPayload(category = 0x1, type = 0x00D)
  record Noted(String text) {}

  /// Runs it.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    // Nothing is forced by itself, so that what follows is told by the program alone.
    StoreConfig config = StoreConfig.of(Path.of(arguments[0])).withSync(SyncPolicy.osDecides());
    try (Store store = Store.open(config)) {
      Receipt visible = store.append(DESK, new Noted("survives kill -9"));
      say(store, "appended, " + visible.level());

      switch (store.await(visible, AckLevel.DURABLE, PATIENCE)) {
        case Awaited.Reached reached -> say(store, "waited, " + reached.level());
        case Awaited.TimedOut _ -> say(store, "not durable yet, but written");
        case Awaited.Stopped _ -> say(store, "the store has stopped");
      }

      AppendOptions durably = AppendOptions.durable();
      Receipt durable = store.append(DESK, new Noted("survives loss of power"), durably);
      say(store, "appended, " + durable.level());

      Ticket ticket = store.submit(DESK, new Noted("on its way"));
      System.out.println("submitted; answered already: " + ticket.done());
      Receipt answer = ticket.await().orThrow();
      say(store, "answered, " + answer.level());

      switch (store.trySubmit(NewEvent.of(DESK, new Noted("if there is room")).options(durably))) {
        case Submitted.Busy busy ->
            say(store, busy.queued() + " on their way; again in " + busy.retryAfter());
        case Ticket later -> {
          var _ = later.await().orThrow();
          say(store, "answered, and all before it is durable with it");
        }
      }
    }
  }

  private static void say(Store store, String what) {
    Frontier frontier = store.frontier();
    System.out.println(
        what
            + ": visible below "
            + frontier.visible().end()
            + ", durable below "
            + frontier.durable().end());
  }
}
