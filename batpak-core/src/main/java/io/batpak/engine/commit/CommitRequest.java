package io.batpak.engine.commit;

import io.batpak.engine.frame.FrameDraft;
import io.batpak.engine.index.KeyProbe;
import io.batpak.event.Bytes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events that a caller wants committed together, and what must be true for it. All that can be
/// worked out before the writer role is taken stands here.
///
/// Made and asked by one thread ({@link Decider#prepare}), then handed to whoever holds the role.
public final class CommitRequest {

  private static final int NONE = -1;
  private static final int[] NO_ITEMS = {};
  private static final long[] NO_ANSWERS = {};

  private final FrameDraft[] drafts;
  private final List<Check> checks;
  private final boolean durable;
  private final @Nullable FenceTicket fence;
  private final long frameBytesMax;
  private final boolean keyed;

  /// For each draft the one before it of the same entity, or {@link #NONE}; empty for one draft.
  private final int[] previousItems;

  /// For each check how many drafts before its own are of its entity.
  private final int[] earlierCounts;

  /// For each check the last of those, or {@link #NONE}.
  private final int[] earlierItems;

  /// What {@link Decider#prepare} found, up to these ends.
  long askedEnd;

  int askedSegments;

  /// For each check the newest event that counts, or -1.
  long[] newest = NO_ANSWERS;

  /// For each keyed draft the sequence that has its key, or -1.
  long[] known = NO_ANSWERS;

  final @Nullable KeyProbe[] keys;

  /// Creates a request.
  ///
  /// @param drafts at least one
  /// @param checks ascending by item
  /// @param durable whether the answer must mean durable
  /// @param fence the fence it belongs to, or null
  public CommitRequest(
      List<FrameDraft> drafts, List<Check> checks, boolean durable, @Nullable FenceTicket fence) {
    this.drafts = drafts.toArray(FrameDraft[]::new);
    this.checks = checks;
    this.durable = durable;
    this.fence = fence;
    long bytes = 0;
    boolean keyed = false;
    for (FrameDraft draft : this.drafts) {
      bytes += draft.frameBytesMax();
      keyed |= draft.key() != null;
    }
    this.frameBytesMax = bytes;
    this.keyed = keyed;
    this.keys = keyed ? probes(this.drafts) : NO_KEYS;
    this.earlierCounts = checks.isEmpty() ? NO_ITEMS : new int[checks.size()];
    this.earlierItems = checks.isEmpty() ? NO_ITEMS : new int[checks.size()];
    Arrays.fill(earlierItems, NONE);
    this.previousItems = this.drafts.length == 1 ? NO_ITEMS : previousItems();
  }

  private static final @Nullable KeyProbe[] NO_KEYS = {};

  private static @Nullable KeyProbe[] probes(FrameDraft[] drafts) {
    var probes = new @Nullable KeyProbe[drafts.length];
    for (int i = 0; i < drafts.length; i++) {
      Bytes key = drafts[i].key();
      probes[i] = key == null ? null : new KeyProbe(key);
    }
    return probes;
  }

  /// One pass over drafts and checks, so that a batch of many conditions costs no more than its
  /// length.
  private int[] previousItems() {
    var last = new HashMap<String, Integer>();
    var counts = new HashMap<String, Integer>();
    int[] previous = new int[drafts.length];
    int check = 0;
    for (int i = 0; i <= drafts.length; i++) {
      while (check < checks.size() && (i == drafts.length || checks.get(check).item() <= i)) {
        noteEarlier(check++, last, counts);
      }
      if (i < drafts.length) {
        String entity = drafts[i].coordinate().entity();
        Integer before = last.put(entity, i);
        previous[i] = before == null ? NONE : before;
        counts.merge(entity, 1, Integer::sum);
      }
    }
    return previous;
  }

  private void noteEarlier(int check, Map<String, Integer> last, Map<String, Integer> counts) {
    String entity =
        switch (checks.get(check)) {
          case Check.Revision revision -> revision.entity();
          case Check.At at -> at.entity();
          case Check.InState state -> state.entity();
          case Check.NoneMatches _ -> null;
        };
    if (entity != null) {
      earlierCounts[check] = counts.getOrDefault(entity, 0);
      earlierItems[check] = last.getOrDefault(entity, NONE);
    }
  }

  int count() {
    return drafts.length;
  }

  FrameDraft draft(int item) {
    return drafts[item];
  }

  List<Check> checks() {
    return checks;
  }

  /// {@return whether the answer must mean durable}
  public boolean durable() {
    return durable;
  }

  @Nullable FenceTicket fence() {
    return fence;
  }

  /// {@return an upper bound of what its frames take in the file}
  public long frameBytesMax() {
    return frameBytesMax;
  }

  /// Whether there is nothing to decide.
  boolean plain() {
    return !keyed && checks.isEmpty();
  }

  boolean keyed() {
    return keyed;
  }

  /// The draft before one of the same entity, or -1.
  int previousItem(int item) {
    return previousItems.length == 0 ? NONE : previousItems[item];
  }

  int earlierCount(int check) {
    return earlierCounts[check];
  }

  int earlierItem(int check) {
    return earlierItems[check];
  }
}
