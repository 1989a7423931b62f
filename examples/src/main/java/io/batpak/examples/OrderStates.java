package io.batpak.examples;

import io.batpak.After;
import io.batpak.Appended;
import io.batpak.Conflict;
import io.batpak.KeyReused;
import io.batpak.Receipt;
import io.batpak.Start;
import io.batpak.StateMachine;
import io.batpak.Store;
import io.batpak.Transition;
import io.batpak.annotations.EventPayload;
import io.batpak.event.Coordinate;
import java.nio.file.Path;

/// Takes orders from state to state. The states say which they may follow, so a transition that
/// does not exist does not compile; the commit checks where the order is, so of two that want to
/// leave one state, one does.
///
/// `OrderStates DIRECTORY`
public final class OrderStates {

  /// Where an order can be.
  sealed interface Order permits Open, Sent, Dropped {}

  /// Where an order can be dropped.
  sealed interface Open extends Order permits Placed, Paid {}

  /// Somebody wants something.
  ///
  /// @param article what
  @EventPayload(category = 0x1, type = 0x009)
  record Placed(String article) implements Open, After<Start> {}

  /// Somebody paid for it.
  ///
  /// @param by who
  @EventPayload(category = 0x1, type = 0x00A)
  record Paid(String by) implements Open, After<Placed> {}

  /// It is on its way.
  ///
  /// @param parcel where
  @EventPayload(category = 0x1, type = 0x00B)
  record Sent(String parcel) implements Order, After<Paid> {}

  /// Nobody wants it any more.
  ///
  /// @param reason why
  @EventPayload(category = 0x1, type = 0x00C)
  record Dropped(String reason) implements Order, After<Open> {}

  private static final StateMachine<Order> ORDERS = StateMachine.of(Order.class);
  private static final Transition<Start, Placed> PLACE = ORDERS.start(Placed.class);
  private static final Transition<Placed, Paid> PAY = ORDERS.transition(Placed.class, Paid.class);
  private static final Transition<Paid, Sent> SEND = ORDERS.transition(Paid.class, Sent.class);
  private static final Transition<Open, Dropped> DROP =
      ORDERS.transition(Open.class, Dropped.class);

  private OrderStates() {}

  /// Runs it.
  ///
  /// @param arguments the store's directory
  public static void main(String[] arguments) {
    try (Store store = Store.open(Path.of(arguments[0]))) {
      Coordinate tea = Coordinate.of("order:tea", "shop");
      say(store.appendIf(PLACE.event(tea, new Placed("tea"))));
      say(store.appendIf(SEND.event(tea, new Sent("parcel 7"))));
      say(store.appendIf(PAY.event(tea, new Paid("ada"))));
      say(store.appendIf(SEND.event(tea, new Sent("parcel 7"))));
      say(store.appendIf(DROP.event(tea, new Dropped("too late"))));

      // Which states there are is known, so a switch over them needs no default.
      String words =
          switch (store.state(ORDERS, "order:tea").orElseThrow()) {
            case Placed placed -> placed.article + " is wanted";
            case Paid paid -> paid.by + " paid";
            case Sent sent -> "on its way in " + sent.parcel;
            case Dropped dropped -> "dropped: " + dropped.reason;
          };
      System.out.println(words);
    }
  }

  private static void say(Appended answer) {
    System.out.println(
        switch (answer) {
          case Receipt receipt -> "done, event " + receipt.sequence();
          case Conflict.State conflict -> "cannot be done: " + conflict.transition();
          case Conflict conflict -> "cannot be done: " + conflict;
          case KeyReused reused -> throw new AssertionError(reused);
        });
  }
}
