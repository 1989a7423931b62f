package io.batpak.benches;

/// Which subjects run in which rounds.
enum Attendance {

  /// Every subject in every shape that takes it, in every round.
  EVERYBODY {
    @Override
    boolean takes(Pairing pairing, int round) {
      return true;
    }
  },

  /// What a verdict rests on runs in every round. The others run in the first one only: floor and
  /// store in the shapes without a target, peers in the shapes of at most {@value
  /// #PEER_CALLERS_MAX} callers.
  JUDGED_FIRST {
    @Override
    boolean takes(Pairing pairing, int round) {
      return pairing.judged() || round == 1 && isWorthOneRound(pairing);
    }
  };

  private static final int PEER_CALLERS_MAX = 8;

  /// {@return whether a trial belongs to a round}
  ///
  /// @param pairing its subject and shape
  /// @param round from 1
  abstract boolean takes(Pairing pairing, int round);

  private static boolean isWorthOneRound(Pairing pairing) {
    Entrant entrant = pairing.entrant();
    return entrant.equals(Entrants.FLOOR)
        || entrant.equals(Entrants.STORE)
        || pairing.shape().callers() <= PEER_CALLERS_MAX;
  }
}
