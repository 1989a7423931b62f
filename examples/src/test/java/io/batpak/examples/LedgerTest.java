package io.batpak.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.batpak.Store;
import io.batpak.examples.Ledger.Answer;
import io.batpak.testkit.Scenario;
import org.junit.jupiter.api.Test;

/// Proves that a transfer is made once, whole, wherever the process dies and whatever the disk
/// refuses. Would catch a side of a transfer without the other, and a repeat that is made again.
/// Deterministic: a scenario has fixed seeds.
class LedgerTest {

  private static final String ADA = "account:ada";
  private static final String GRACE = "account:grace";

  private static final Scenario TWO_ACCOUNTS =
      Scenario.givenNothing()
          .and(store -> {
            Ledger.open(store, ADA, 100);
            Ledger.open(store, GRACE, 5);
          });

  @Test
  void a_transfer_that_got_no_answer_is_asked_again_and_made_once() {
    var _ =
        TWO_ACCOUNTS
            .when(store -> Ledger.transfer(store, "r1", ADA, GRACE, 80))
            .thenReturned(Answer.MADE)
            .thenAppended(new Ledger.Debited("r1", 80), new Ledger.Credited("r1", 80))
            .thenSurvivesEveryCrash(LedgerTest::askAgain)
            .thenSurvivesEveryFailure(LedgerTest::askAgain);
  }

  private static void askAgain(Store store) {
    assertThat(Ledger.transfer(store, "r1", ADA, GRACE, 80)).isEqualTo(Answer.MADE);
    assertThat(Ledger.balance(store, ADA)).isEqualTo(20);
    assertThat(Ledger.balance(store, GRACE)).isEqualTo(85);
  }

  @Test
  void a_transfer_of_too_much_is_refused() {
    var _ =
        TWO_ACCOUNTS
            .when(store -> Ledger.transfer(store, "r1", ADA, GRACE, 101))
            .thenReturned(Answer.TOO_LITTLE)
            .thenAppendedNothing();
  }
}
