package io.batpak.engine.index;

import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Bytes;
import io.batpak.event.EventHeader;
import io.batpak.event.Hash;
import io.batpak.event.LifecycleKinds;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The index of the segment being written: append-only columns in pages, and a posting list per
/// name.
///
/// One writer, the holder of the writer role; any number of readers, without locks. The writer
/// fills everything for a row, then the visible end is published with release semantics elsewhere;
/// a reader acquires that end first and looks at no row at or beyond it, so the plain stores here
/// are seen. Before bytes reach the file the writer calls {@link #reserve}: after it, {@link #add}
/// allocates nothing and cannot fail.
public final class ActiveIndex implements SegmentIndex {

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_ROWS = 1 << PAGE_SHIFT;
  private static final int PAGE_MASK = PAGE_ROWS - 1;
  private static final int CATEGORY_COUNT = 16;
  private static final int TYPE_COUNT = 1 << 12;

  private final long first;
  private final NameTable entities = new NameTable();
  private final NameTable scopes = new NameTable();
  private final NameTable tags = new NameTable();
  private final ConcurrentHashMap<Bytes, Integer> keys = new ConcurrentHashMap<>();

  /// Names without a text, numbered by their bits.
  private final Name[][] kinds = new Name[CATEGORY_COUNT][];

  private final HashColumn hashes;
  private volatile Page[] pages = new Page[16];
  private int pageCount;
  private int rows;
  private long lastFence;

  /// Most commits are of the scope of the one before. For the holder of the writer role.
  private @Nullable Name recentScope;

  /// Creates an empty index of a log without visibility fences so far.
  ///
  /// @param first the sequence that row 0 will have
  public ActiveIndex(long first) {
    this(first, -1);
  }

  /// Creates an empty index.
  ///
  /// @param first the sequence that row 0 will have
  /// @param lastFenceBefore the sequence of the last event about a visibility fence before that, or
  ///   -1
  public ActiveIndex(long first, long lastFenceBefore) {
    this.first = first;
    this.hashes = new HashColumn(first);
    this.lastFence = lastFenceBefore;
  }

  /// A name of this segment with its rows. What {@link #reserve} hands out and {@link #add} takes.
  ///
  /// Most names of a large store have one row in a segment, so the first one stands here, the next
  /// ones in a short array, and the others in chunks, each as long as all rows before it: nothing
  /// is copied when the list grows. The writer stores the row, then the count with release
  /// semantics; a reader acquires the count.
  public static final class Name implements Postings {

    private static final int FEW_MAX = 8;
    private static final int FEW_BITS = 3;

    /// More rows than any segment can hold.
    private static final int CHUNK_COUNT = 24;

    private static final int[] NO_ROWS = {};
    private static final int[][] NO_CHUNKS = {};
    private static final VarHandle COUNT;

    static {
      try {
        COUNT = MethodHandles.lookup().findVarHandle(Name.class, "count", int.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final String text;
    private final int number;
    private int count;

    /// How many rows there is room for, those added included.
    private int reserved;

    private int first;
    private int[] few = NO_ROWS;
    private int[][] chunks = NO_CHUNKS;

    Name(String text, int number) {
      this.text = text;
      this.number = number;
    }

    /// {@return the name itself}
    public String text() {
      return text;
    }

    int number() {
      return number;
    }

    /// {@return the last row, or -1; for the writer, and for readers as a hint}
    public int lastRow() {
      int rows = count();
      return rows == 0 ? -1 : row(rows - 1);
    }

    @Override
    public int count() {
      return (int) COUNT.getAcquire(this);
    }

    @Override
    public int row(int i) {
      if (i == 0) {
        return first;
      }
      if (i < FEW_MAX) {
        return few[i - 1];
      }
      int chunk = chunk(i);
      return chunks[chunk][i - (FEW_MAX << chunk)];
    }

    private static int chunk(int i) {
      return Integer.SIZE - 1 - FEW_BITS - Integer.numberOfLeadingZeros(i);
    }

    /// Makes room for one more row, so that {@link #add} cannot fail. What a failed commit has
    /// reserved stays reserved.
    // ManyEntitiesBench.activePut
    private void reserve() {
      int last = Math.max(reserved, count);
      if (last >= FEW_MAX) {
        reserveChunk(chunk(last));
      } else if (last > 0 && few.length == 0) {
        few = new int[FEW_MAX - 1];
      }
      reserved = last + 1;
    }

    private void reserveChunk(int chunk) {
      if (chunks.length == 0) {
        int[][] empty = new int[CHUNK_COUNT][];
        Arrays.fill(empty, NO_ROWS);
        chunks = empty;
      }
      if (chunks[chunk].length == 0) {
        chunks[chunk] = new int[FEW_MAX << chunk];
      }
    }

    private void add(int row) {
      int at = count;
      if (at == 0) {
        first = row;
      } else if (at < FEW_MAX) {
        few[at - 1] = row;
      } else {
        int chunk = chunk(at);
        chunks[chunk][at - (FEW_MAX << chunk)] = row;
      }
      COUNT.setRelease(this, at + 1);
    }
  }

  /// {@return the entity's name, made if this segment has none of it: the only look-up that a
  /// commit needs, since the name has the last row}
  ///
  /// @param text the entity
  public Name entity(String text) {
    return entities.findOrMake(text);
  }

  /// {@return the last row of an entity, or -1}
  ///
  /// @param text the entity
  public int lastRow(String text) {
    Name name = entities.find(text);
    return name == null ? -1 : name.lastRow();
  }

  /// {@return the scope's name, made if this segment has none of it}
  ///
  /// @param text the scope
  public Name scope(String text) {
    Name recent = recentScope;
    if (recent != null && recent.text.equals(text)) {
      return recent;
    }
    Name found = scopes.findOrMake(text);
    recentScope = found;
    return found;
  }

  /// Makes room for a row, so that adding it cannot fail. Each row that is added must have been
  /// reserved by a call of its own.
  ///
  /// @param entity the entity
  /// @param scope the scope
  /// @param kind the kind's 16 bits
  /// @param tagTexts ascending, no duplicates
  /// @param pending how many rows are reserved and not added yet, this one included
  /// @return the tags' names; empty without tags
  public Name[] reserve(Name entity, Name scope, int kind, List<String> tagTexts, int pending) {
    entity.reserve();
    scope.reserve();
    kindRows(kind).reserve();
    while (rows + pending > pageCount << PAGE_SHIFT) {
      if (pageCount == pages.length) {
        pages = Arrays.copyOf(pages, pageCount * 2);
      }
      pages[pageCount] = new Page();
      pageCount++;
    }
    hashes.reserve(rows + pending);
    if (tagTexts.isEmpty()) {
      return NO_NAMES;
    }
    var names = new Name[tagTexts.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = tags.findOrMake(tagTexts.get(i));
      names[i].reserve();
    }
    return names;
  }

  private static final Name[] NO_NAMES = {};

  private Name kindRows(int kind) {
    Name[] types = kinds[kind >>> 12];
    if (types == null) {
      types = new Name[TYPE_COUNT];
      kinds[kind >>> 12] = types;
    }
    Name list = types[kind & TYPE_COUNT - 1];
    if (list == null) {
      list = new Name("", kind);
      types[kind & TYPE_COUNT - 1] = list;
    }
    return list;
  }

  /// Adds the next row; room for it has been reserved. Its hash is worked out later.
  ///
  /// @param entity the entity
  /// @param scope the scope
  /// @param tagNames the tags
  /// @param key the idempotency key, or null
  /// @param row the event, whose hash is found in this index from now on
  public void add(Name entity, Name scope, Name[] tagNames, @Nullable Bytes key, EventRow row) {
    int at = rows;
    Page page = pages[at >>> PAGE_SHIFT];
    int i = at & PAGE_MASK;
    page.offset[i] = row.offset();
    page.idHigh[i] = row.idHigh();
    page.idLow[i] = row.idLow();
    page.counter[i] = row.counter();
    page.kind[i] = (char) row.kind();
    page.entity[i] = entity.number;
    page.scope[i] = scope.number;
    page.clock[i] = row.clock();
    HashPage hashPage = hashes.page(at);
    hashPage.headerBytes[at & HashPage.MASK] = row.headerBytes();
    row.hashes(hashPage);
    entity.add(at);
    scope.add(at);
    kindRows(row.kind()).add(at);
    for (Name tag : tagNames) {
      tag.add(at);
    }
    if (key != null) {
      keys.put(key, at);
    }
    if (LifecycleKinds.aboutFence(row.kind())) {
      lastFence = first + at;
    }
    rows = at + 1;
  }

  /// Adds an event that stands in a file. Its hash is worked out later.
  ///
  /// @param event its header
  /// @param offset where its frame begins
  /// @param headerBytes the length of the header
  public void add(EventHeader event, int offset, int headerBytes) {
    Name entity = entity(event.coordinate().entity());
    Name scope = scope(event.coordinate().scope());
    int kind = event.kind().bits();
    Name[] tagNames = reserve(entity, scope, kind, event.tags(), 1);
    var stamp = new FrameEncoder.Stamp();
    stamp.place(event.sequence(), event.clock());
    stamp.time(event.id().high(), event.id().low(), event.hlc().counter());
    var row = new EventRow(stamp, kind, offset, headerBytes);
    add(entity, scope, tagNames, event.key().orElse(null), row);
  }

  /// {@return the event hashes}
  public HashColumn hashes() {
    return hashes;
  }

  @Override
  public long first() {
    return first;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long lastFence() {
    return lastFence;
  }

  @Override
  public int offset(int row) {
    return pages[row >>> PAGE_SHIFT].offset[row & PAGE_MASK];
  }

  @Override
  public long idHigh(int row) {
    return pages[row >>> PAGE_SHIFT].idHigh[row & PAGE_MASK];
  }

  @Override
  public long idLow(int row) {
    return pages[row >>> PAGE_SHIFT].idLow[row & PAGE_MASK];
  }

  @Override
  public int counter(int row) {
    return pages[row >>> PAGE_SHIFT].counter[row & PAGE_MASK];
  }

  @Override
  public int kind(int row) {
    return pages[row >>> PAGE_SHIFT].kind[row & PAGE_MASK];
  }

  @Override
  public String entity(int row) {
    return entities.name(entityNumber(row)).text();
  }

  @Override
  public String scope(int row) {
    return scopes.name(scopeNumber(row)).text();
  }

  @Override
  public long clock(int row) {
    return pages[row >>> PAGE_SHIFT].clock[row & PAGE_MASK];
  }

  @Override
  public Hash hash(int row) {
    return hashes.hash(row);
  }

  @Override
  public Postings ofEntity(NameKey name) {
    return entities.rows(name.text());
  }

  @Override
  public Postings ofScope(NameKey name) {
    return scopes.rows(name.text());
  }

  @Override
  public Postings withTag(NameKey name) {
    return tags.rows(name.text());
  }

  @Override
  public boolean mayHaveEntity(NameKey name) {
    return entities.find(name.text()) != null;
  }

  @Override
  public boolean mayHaveTag(NameKey name) {
    return tags.find(name.text()) != null;
  }

  @Override
  public int rowWithKey(KeyProbe key) {
    Integer row = keys.get(key.key());
    return row == null ? -1 : row;
  }

  @Override
  public Postings ofKind(int kind) {
    Name[] types = kinds[kind >>> 12];
    Name list = types == null ? null : types[kind & TYPE_COUNT - 1];
    return list == null ? Postings.NONE : list;
  }

  @Override
  public List<Postings> ofEntitiesFrom(NameKey prefix) {
    return entities.from(prefix.text());
  }

  @Override
  public List<Postings> ofCategory(int category) {
    var found = new ArrayList<Postings>();
    Name[] types = kinds[category];
    if (types != null) {
      for (Name list : types) {
        if (list != null) {
          found.add(list);
        }
      }
    }
    return found;
  }

  @Override
  public boolean mayHave(int category) {
    return kinds[category] != null;
  }

  @Override
  public List<String> entities() {
    return entities.texts();
  }

  @Override
  public List<String> scopes() {
    return scopes.texts();
  }

  @Override
  public List<Integer> kinds() {
    var found = new ArrayList<Integer>();
    for (int kind = 0; kind < CATEGORY_COUNT * TYPE_COUNT; kind++) {
      if (ofKind(kind).count() > 0) {
        found.add(kind);
      }
    }
    return found;
  }

  /// {@return how many entities have been named so far, some perhaps without a row}
  public int entityCount() {
    return entities.count();
  }

  /// {@return an entity}
  ///
  /// @param number 0 to the count - 1, in the order they came
  public Name entityNumbered(int number) {
    return entities.name(number);
  }

  int entityNumber(int row) {
    return pages[row >>> PAGE_SHIFT].entity[row & PAGE_MASK];
  }

  int scopeNumber(int row) {
    return pages[row >>> PAGE_SHIFT].scope[row & PAGE_MASK];
  }

  List<Name> entityNames() {
    return entities.names();
  }

  List<Name> scopeNames() {
    return scopes.names();
  }

  List<Name> tagNames() {
    return tags.names();
  }

  ConcurrentHashMap<Bytes, Integer> keys() {
    return keys;
  }

  /// One page of all columns but the hashes, primitive throughout: a garbage collector has nothing
  /// to follow.
  private static final class Page {
    final int[] offset = new int[PAGE_ROWS];
    final long[] idHigh = new long[PAGE_ROWS];
    final long[] idLow = new long[PAGE_ROWS];
    final int[] counter = new int[PAGE_ROWS];
    final char[] kind = new char[PAGE_ROWS];
    final int[] entity = new int[PAGE_ROWS];
    final int[] scope = new int[PAGE_ROWS];
    final long[] clock = new long[PAGE_ROWS];
  }
}
