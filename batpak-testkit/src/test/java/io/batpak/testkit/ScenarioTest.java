package io.batpak.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.batpak.AppendOptions;
import io.batpak.NewEvent;
import io.batpak.Store;
import io.batpak.config.AckLevel;
import io.batpak.failure.UnregisteredPayload;
import io.batpak.payload.Catalogue;
import io.batpak.testkit.Account.Deposited;
import io.batpak.testkit.Account.Signed;
import io.batpak.testkit.Account.Withdrawn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Proves that scenarios agree with what is right and object to what is wrong, in words that help.
/// Would catch an expectation that never fails, and a sweep that misses the one step at which a
/// decision breaks. Deterministic; every expectation has a broken subject.
class ScenarioTest {

  private static final Scenario RICH = Scenario.given(Account.of(1), new Deposited(500));

  /// What a refusal looks like here.
  private static final class TooPoor extends Exception {
    private static final long serialVersionUID = 1L;

    TooPoor(long balance) {
      super("only " + balance);
    }
  }

  private static long withdraw(Store store, long cents) throws TooPoor {
    long balance = Account.balance(store, 1);
    if (balance < cents) {
      throw new TooPoor(balance);
    }
    store.append(Account.of(1), new Withdrawn(cents));
    return balance - cents;
  }

  @Test
  void a_fold_is_run_over_what_was_given() {
    Folded<Long> folded =
        RICH.and(Account.of(2), new Withdrawn(200), new Signed("ada"))
            .and(store -> store.append(Account.of(1), new Deposited(7)))
            .whenFolded(Account.class, 0L, Account::balance);

    assertThat(folded.state()).isEqualTo(307L);
    assertThat(folded.thenState(307L)).isSameAs(folded);
  }

  @Test
  void a_fold_sees_only_payloads_of_its_type() {
    Folded<Integer> folded =
        RICH.and(Account.of(2), new Withdrawn(200))
            .whenFolded(Withdrawn.class, 0, (count, withdrawn) -> count + 1);

    assertThat(folded.state()).isEqualTo(1);
  }

  @Test
  void another_state_is_an_error_that_shows_both_and_what_was_given() {
    Folded<Long> folded = RICH.whenFolded(Account.class, 0L, Account::balance);

    assertThatThrownBy(() -> folded.thenState(1L))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            folded to another state
              expected  1
              state     500
              given     account:1@bank Deposited[cents=500]\
            """);
  }

  @Test
  void a_decision_is_known_by_its_answer_and_its_events() {
    Decided<Long> decided = RICH.when(store -> withdraw(store, 200));

    decided
        .thenReturned(300L)
        .thenAppended(new Withdrawn(200))
        .thenAppended(Account.of(1), new Withdrawn(200))
        .thenAppended(Account.of(2))
        .thenStore(store -> assertThat(Account.balance(store, 1)).isEqualTo(300));
    assertThat(decided.returned()).isEqualTo(300L);
  }

  @Test
  void a_refusal_is_known_by_its_exception() {
    RICH.when(store -> withdraw(store, 501)).thenThrew(TooPoor.class).thenAppendedNothing();
  }

  @Test
  void a_decision_may_tell_nothing() {
    Scenario.givenNothing()
        .whenRun(store -> store.append(Account.of(3), new Deposited(1)))
        .thenAppended(Account.of(3), new Deposited(1));
  }

  @Test
  void payloads_are_the_same_if_they_are_written_as_the_same_bytes() {
    Decided<?> decided =
        Scenario.givenNothing().whenRun(store -> store.append(Account.of(1), new Signed("ada")));

    decided.thenAppended(new Signed("ada"));
    assertThatThrownBy(() -> decided.thenAppended(new Signed("bob")))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void another_answer_is_an_error() {
    Decided<Long> decided = RICH.when(store -> withdraw(store, 200));

    assertThatThrownBy(() -> decided.thenReturned(299L))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("returned something else\n  expected  299\n  returned  300\n");
  }

  @Test
  void other_events_are_an_error() {
    Decided<Long> decided = RICH.when(store -> withdraw(store, 200));

    assertThatThrownBy(() -> decided.thenAppended(new Withdrawn(201)))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            """
            appended other events
              expected  Withdrawn[cents=201]
              appended  account:1@bank Withdrawn[cents=200]
              given     account:1@bank Deposited[cents=500]\
            """);
    assertThatThrownBy(decided::thenAppendedNothing)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected  nothing");
    assertThatThrownBy(() -> decided.thenAppended(new Withdrawn(200), new Withdrawn(200)))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> decided.thenAppended(Account.of(2), new Withdrawn(200)))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("appended other events to account:2@bank");
    assertThatThrownBy(() -> decided.thenAppended(new Deposited(200)))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void an_exception_nobody_expected_is_an_error_with_its_cause() {
    Decided<Long> decided = RICH.when(store -> withdraw(store, 501));

    assertThatThrownBy(decided::thenAppendedNothing)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("only 500")
        .hasCauseInstanceOf(TooPoor.class);
    assertThatThrownBy(decided::returned).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> decided.thenThrew(IllegalStateException.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("threw something else\n  expected  java.lang.IllegalStateEx");
  }

  @Test
  void an_exception_that_did_not_come_is_an_error() {
    Decided<Long> decided = RICH.when(store -> withdraw(store, 1));

    assertThatThrownBy(() -> decided.thenThrew(TooPoor.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("threw nothing");
  }

  @Test
  void codecs_and_settings_are_those_that_were_given() {
    Scenario bare = RICH.with(Catalogue.of(List.of()));

    assertThatThrownBy(() -> bare.whenFolded(Account.class, 0L, Account::balance))
        .isInstanceOf(UnregisteredPayload.class);
    RICH.with(Simulation.config().withLevel(AckLevel.DURABLE))
        .when(store -> store.append(Account.of(1), new Deposited(1)).level())
        .thenReturned(AckLevel.DURABLE);
  }

  private static void transferInTwoSteps(Store store) {
    store.append(Account.of(1), new Withdrawn(200));
    store.append(Account.of(2), new Deposited(200));
  }

  private static void transferAtOnce(Store store) {
    store.appendBatch(
        List.of(
            NewEvent.of(Account.of(1), new Withdrawn(200)),
            NewEvent.of(Account.of(2), new Deposited(200))));
  }

  private static void assertNothingLost(Store store) {
    assertThat(Account.balance(store, 1) + Account.balance(store, 2)).isEqualTo(500);
  }

  @Test
  void a_transfer_in_one_batch_survives_every_crash_and_every_failure() {
    RICH.whenRun(ScenarioTest::transferAtOnce)
        .thenSurvivesEveryCrash(ScenarioTest::assertNothingLost)
        .thenSurvivesEveryFailure(ScenarioTest::assertNothingLost);
  }

  @Test
  void a_transfer_in_two_appends_does_not_and_the_step_is_named() {
    Decided<?> decided = RICH.whenRun(ScenarioTest::transferInTwoSteps);

    assertThatThrownBy(() -> decided.thenSurvivesEveryCrash(ScenarioTest::assertNothingLost))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "after a kill at step ",
            ", a look at the clock (seed 1): ",
            "event  account:1@bank Withdrawn[cents=200]");
  }

  @Test
  void a_promise_without_a_force_is_broken_by_a_power_loss() {
    var promised = new AtomicInteger();
    Decided<?> decided =
        RICH.whenRun(store -> {
          promised.set(0);
          store.append(Account.of(1), new Deposited(1));
          promised.set(1);
        });

    assertThatThrownBy(
            () -> decided.thenSurvivesEveryCrash(store -> assertPromise(store, promised.get())))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("after a power loss ");
    RICH.whenRun(
            store -> {
              promised.set(0);
              store.append(Account.of(1), new Deposited(1), AppendOptions.durable());
              promised.set(1);
            })
        .thenSurvivesEveryCrash(store -> assertPromise(store, promised.get()));
  }

  private static void assertPromise(Store store, int promised) {
    assertThat(store.end()).isGreaterThanOrEqualTo(1 + promised);
  }

  @Test
  void a_decision_that_does_not_look_at_a_failed_force_is_found() {
    var promised = new AtomicInteger();
    Decided<?> decided =
        RICH.whenRun(store -> {
          promised.set(0);
          try {
            transferInTwoSteps(store);
            store.sync();
          } catch (RuntimeException e) {
            promised.set(2);
            return;
          }
          promised.set(2);
        });

    assertThatThrownBy(
            () -> decided.thenSurvivesEveryFailure(store -> assertPromise(store, promised.get())))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("after a failure of operation ");
  }

  @Test
  void an_invariant_that_never_holds_is_found_before_anything_goes_wrong() {
    Decided<?> decided = RICH.whenRun(ScenarioTest::transferAtOnce);

    assertThatThrownBy(
            () -> decided.thenSurvivesEveryCrash(store -> assertThat(store.end()).isZero()))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("with nothing going wrong: ");
  }

  @Test
  void a_sweep_dies_before_during_and_after_every_append() {
    List<Long> ends = new ArrayList<>();

    Scenario.givenNothing()
        .whenRun(store -> {
          for (int i = 0; i < 5; i++) {
            store.append(Account.of(i), new Deposited(i));
          }
        })
        .thenSurvivesEveryCrash(store -> ends.add(store.end()));

    assertThat(ends).contains(0L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void an_invariant_may_repeat_the_decision() {
    RICH.whenRun(ScenarioTest::transferAtOnce)
        .thenSurvivesEveryCrash(store -> {
          transferAtOnce(store);
          assertNothingLost(store);
        });
  }
}
