package io.batpak.engine.index;

import io.batpak.engine.index.ActiveIndex.Name;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The names of one sort in the active segment: by text, by number in the order they came, and,
/// once somebody asks for a prefix, in order.
///
/// One writer and any number of readers, without locks. A reader has acquired a visible end before
/// it looks, and everything of the rows below that end was stored before; what it meets of later
/// names is well-formed, since names are published with release semantics, and does not matter to
/// it.
///
/// # By text
///
/// {@value #STRIPE_COUNT} open-addressed tables, chosen by the upper bits of the hash, so that a
/// table that grows is small and no commit waits long for it. The name is stored before its hash,
/// so that whoever sees the hash sees the name. A table that has grown is published when it is
/// filled; a reader of the old one misses only what came later. A name that finds {@value
/// #PROBE_MAX} slots taken goes to a skip list: names can be chosen to collide, and must not make
/// every commit slow.
///
/// # In order
///
/// Nothing is kept in order until a prefix is asked for. Then the names that came since the last
/// time are sorted into a run of their own, and runs of similar length are merged, so that there
/// are few and a name is merged few times. A few names that are in no run are compared one by one.
/// Whoever extends the runs publishes them if nobody else has meanwhile; the runs it made are right
/// either way.
final class NameTable {

  static final int STRIPE_COUNT = 64;
  private static final int STRIPE_SHIFT =
      Integer.SIZE - Integer.numberOfTrailingZeros(STRIPE_COUNT);
  private static final int SLOT_COUNT_MIN = 8;
  static final int PROBE_MAX = 64;
  private static final int PAGE_SHIFT = 10;
  private static final int PAGE_NAMES = 1 << PAGE_SHIFT;

  /// So many names in no run are compared one by one: as long as a few cache misses.
  private static final int UNSORTED_MAX = 128;

  /// 2 to the power of 32, divided by the golden ratio; odd. Spreads what `String.hashCode` leaves
  /// in its lower bits.
  private static final int SPREAD = 0x9E3779B9;

  private static final VarHandle NAME = MethodHandles.arrayElementVarHandle(Name[].class);
  private static final VarHandle HASH = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(Stripe[].class);
  private static final VarHandle COUNT;

  static {
    try {
      COUNT = MethodHandles.lookup().findVarHandle(NameTable.class, "count", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable Stripe[] stripes = new @Nullable Stripe[STRIPE_COUNT];
  private volatile Name[][] pages = {};
  private volatile @Nullable ConcurrentSkipListMap<String, Name> crowded;
  private int count;
  private final AtomicReference<Order> order = new AtomicReference<>(Order.NONE);

  /// One table. A hash of 0 is a free slot.
  private static final class Stripe {
    final int[] hashes;
    final @Nullable Name[] names;

    /// For the writer.
    int taken;

    Stripe(int slotCount) {
      this.hashes = new int[slotCount];
      this.names = new @Nullable Name[slotCount];
    }
  }

  /// Names in order, in runs. Immutable.
  private static final class Order {
    static final Order NONE = new Order(new Name[0][], 0);

    /// Each ascending by text; longest first.
    final Name[][] runs;

    /// The number behind the last that is in a run.
    final int end;

    Order(Name[][] runs, int end) {
      this.runs = runs;
      this.end = end;
    }
  }

  /// {@return how many names there are}
  int count() {
    return (int) COUNT.getAcquire(this);
  }

  /// {@return a name}
  ///
  /// @param number 0 to count - 1
  Name name(int number) {
    return pages[number >>> PAGE_SHIFT][number & PAGE_NAMES - 1];
  }

  /// {@return the name of a text, or null}
  // ManyEntitiesBench.activeEntity
  @Nullable Name find(String text) {
    int hash = hash(text);
    Stripe stripe = (Stripe) STRIPE.getAcquire(stripes, hash >>> STRIPE_SHIFT);
    if (stripe == null) {
      return null;
    }
    int[] hashes = stripe.hashes;
    int mask = hashes.length - 1;
    for (int at = hash, i = 0; i < PROBE_MAX; at++, i++) {
      int found = (int) HASH.getAcquire(hashes, at & mask);
      if (found == 0) {
        break;
      }
      if (found == hash) {
        Name name = stripe.names[at & mask];
        if (name != null && name.text().equals(text)) {
          return name;
        }
      }
    }
    ConcurrentSkipListMap<String, Name> elsewhere = crowded;
    return elsewhere == null ? null : elsewhere.get(text);
  }

  /// {@return the name of a text, made if there is none}. For the writer.
  // ManyEntitiesBench.activePut
  Name findOrMake(String text) {
    Name name = find(text);
    return name != null ? name : make(text);
  }

  /// Into the tables last: what an exhausted stack or heap left undone is then done again.
  private Name make(String text) {
    int number = count;
    if (number >>> PAGE_SHIFT == pages.length) {
      Name[][] more = Arrays.copyOf(pages, pages.length + 1);
      more[pages.length] = new Name[PAGE_NAMES];
      pages = more;
    }
    int hash = hash(text);
    Stripe stripe = roomy(hash >>> STRIPE_SHIFT);
    var name = new Name(text, number);
    NAME.setRelease(pages[number >>> PAGE_SHIFT], number & PAGE_NAMES - 1, name);
    COUNT.setRelease(this, number + 1);
    if (put(stripe, hash, name)) {
      stripe.taken++;
    } else {
      putElsewhere(name);
    }
    return name;
  }

  private void putElsewhere(Name name) {
    ConcurrentSkipListMap<String, Name> elsewhere = crowded;
    if (elsewhere == null) {
      elsewhere = new ConcurrentSkipListMap<>();
      crowded = elsewhere;
    }
    elsewhere.put(name.text(), name);
  }

  private Stripe roomy(int at) {
    Stripe stripe = stripes[at];
    if (stripe != null && stripe.taken < stripe.hashes.length >> 1) {
      return stripe;
    }
    Stripe grown = new Stripe(stripe == null ? SLOT_COUNT_MIN : stripe.hashes.length * 2);
    if (stripe != null) {
      for (int i = 0; i < stripe.hashes.length; i++) {
        Name name = stripe.names[i];
        if (stripe.hashes[i] == 0 || name == null) {
          continue;
        }
        if (put(grown, stripe.hashes[i], name)) {
          grown.taken++;
        } else {
          putElsewhere(name);
        }
      }
    }
    STRIPE.setRelease(stripes, at, grown);
    return grown;
  }

  /// {@return whether there was a slot}
  private static boolean put(Stripe stripe, int hash, Name name) {
    int mask = stripe.hashes.length - 1;
    for (int at = hash, i = 0; i < PROBE_MAX && i <= mask; at++, i++) {
      if (stripe.hashes[at & mask] == 0) {
        stripe.names[at & mask] = name;
        HASH.setRelease(stripe.hashes, at & mask, hash);
        return true;
      }
    }
    return false;
  }

  private static int hash(String text) {
    int spread = text.hashCode() * SPREAD;
    spread ^= spread >>> 15;
    return spread == 0 ? 1 : spread;
  }

  /// {@return the rows of a name}
  Postings rows(String text) {
    Name name = find(text);
    return name == null ? Postings.NONE : name;
  }

  /// {@return all names, some perhaps without a row}
  List<Name> names() {
    int end = count();
    var all = new ArrayList<Name>(end);
    for (int i = 0; i < end; i++) {
      all.add(name(i));
    }
    return all;
  }

  /// {@return the texts of the names that have a row}
  List<String> texts() {
    return names().stream().filter(name -> name.count() > 0).map(Name::text).toList();
  }

  /// {@return the rows of every name that begins with a prefix}
  List<Postings> from(String prefix) {
    int end = count();
    Order now = order.getAcquire();
    if (end - now.end > UNSORTED_MAX) {
      Order extended = extended(now, end);
      var _ = order.compareAndSet(now, extended);
      now = extended;
    }
    var found = new ArrayList<Postings>();
    for (Name[] run : now.runs) {
      int i = firstNotBelow(run, prefix);
      while (i < run.length && run[i].text().startsWith(prefix)) {
        found.add(run[i++]);
      }
    }
    for (int number = now.end; number < end; number++) {
      Name name = name(number);
      if (name.text().startsWith(prefix)) {
        found.add(name);
      }
    }
    return found;
  }

  private Order extended(Order order, int end) {
    Name[] last = new Name[end - order.end];
    for (int i = 0; i < last.length; i++) {
      last[i] = name(order.end + i);
    }
    Arrays.sort(last, (one, other) -> one.text().compareTo(other.text()));
    int kept = order.runs.length;
    while (kept > 0 && order.runs[kept - 1].length < 2 * last.length) {
      kept--;
      last = merged(order.runs[kept], last);
    }
    Name[][] runs = Arrays.copyOf(order.runs, kept + 1);
    runs[kept] = last;
    return new Order(runs, end);
  }

  private static Name[] merged(Name[] one, Name[] other) {
    Name[] all = new Name[one.length + other.length];
    int i = 0;
    int j = 0;
    while (i < one.length && j < other.length) {
      boolean first = one[i].text().compareTo(other[j].text()) < 0;
      all[i + j] = first ? one[i++] : other[j++];
    }
    System.arraycopy(one, i, all, i + j, one.length - i);
    System.arraycopy(other, j, all, i + j, other.length - j);
    return all;
  }

  private static int firstNotBelow(Name[] run, String prefix) {
    int low = 0;
    int high = run.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (run[middle].text().compareTo(prefix) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
