package io.batpak.engine.index;

import io.batpak.engine.frame.FrameEncoder;
import io.batpak.event.Bytes;
import io.batpak.event.EventHeader;
import io.batpak.event.Hash;
import io.batpak.event.LifecycleKinds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
  private final ConcurrentSkipListMap<String, Name> entitiesInOrder = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<Bytes, Integer> keys = new ConcurrentHashMap<>();
  private final HashColumn hashes;
  private final RowList[][] kinds = new RowList[CATEGORY_COUNT][];
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
  public static final class Name {

    private final String text;
    private final int number;
    private final RowList rows = new RowList();

    Name(String text, int number) {
      this.text = text;
      this.number = number;
    }

    String text() {
      return text;
    }

    int number() {
      return number;
    }

    RowList rows() {
      return rows;
    }

    /// {@return the last row, or -1}
    public int lastRow() {
      int count = rows.count();
      return count == 0 ? -1 : rows.row(count - 1);
    }
  }

  /// {@return the entity's name, made if this segment has none of it}
  ///
  /// @param text the entity
  public Name entity(String text) {
    Name name = entities.find(text);
    return name != null ? name : makeEntity(text);
  }

  /// Last into the table that is asked first: what an exhausted stack left undone is done again.
  private Name makeEntity(String text) {
    Name name = entities.next(text);
    entitiesInOrder.put(text, name);
    entities.add(name);
    return name;
  }

  /// {@return the last row of an entity, or -1}
  ///
  /// @param text the entity
  public int lastRow(String text) {
    Name name = entities.find(text);
    int count = name == null ? 0 : name.rows.count();
    return name == null || count == 0 ? -1 : name.rows.row(count - 1);
  }

  /// {@return the scope's name, made if this segment has none of it}
  ///
  /// @param text the scope
  public Name scope(String text) {
    Name recent = recentScope;
    if (recent != null && recent.text.equals(text)) {
      return recent;
    }
    Name name = scopes.find(text);
    Name found = name != null ? name : scopes.make(text);
    recentScope = found;
    return found;
  }

  /// Makes room for a row, so that adding it cannot fail.
  ///
  /// @param entity the entity
  /// @param scope the scope
  /// @param kind the kind's 16 bits
  /// @param tagTexts ascending, no duplicates
  /// @param pending how many rows are reserved and not added yet, this one included
  /// @return the tags' names; empty without tags
  public Name[] reserve(Name entity, Name scope, int kind, List<String> tagTexts, int pending) {
    entity.rows.reserve(pending);
    scope.rows.reserve(pending);
    kindRows(kind).reserve(pending);
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
      String text = tagTexts.get(i);
      Name name = tags.find(text);
      names[i] = name != null ? name : tags.make(text);
      names[i].rows.reserve(pending);
    }
    return names;
  }

  private static final Name[] NO_NAMES = {};

  private RowList kindRows(int kind) {
    RowList[] types = kinds[kind >>> 12];
    if (types == null) {
      types = new RowList[TYPE_COUNT];
      kinds[kind >>> 12] = types;
    }
    RowList list = types[kind & TYPE_COUNT - 1];
    if (list == null) {
      list = new RowList();
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
    entity.rows.add(at);
    scope.rows.add(at);
    kindRows(row.kind()).add(at);
    for (Name tag : tagNames) {
      tag.rows.add(at);
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
    return entities.text(entityNumber(row));
  }

  @Override
  public String scope(int row) {
    return scopes.text(scopeNumber(row));
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
    RowList[] types = kinds[kind >>> 12];
    RowList list = types == null ? null : types[kind & TYPE_COUNT - 1];
    return list == null ? Postings.NONE : list;
  }

  @Override
  public List<Postings> ofEntitiesFrom(NameKey prefix) {
    var found = new ArrayList<Postings>();
    for (Name name : entitiesInOrder.tailMap(prefix.text()).values()) {
      if (!name.text.startsWith(prefix.text())) {
        break;
      }
      found.add(name.rows);
    }
    return found;
  }

  @Override
  public List<Postings> ofCategory(int category) {
    var found = new ArrayList<Postings>();
    RowList[] types = kinds[category];
    if (types != null) {
      for (RowList list : types) {
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

  /// Names of one sort, numbered in the order they came.
  private static final class NameTable {

    private final ConcurrentHashMap<String, Name> byText = new ConcurrentHashMap<>();
    private volatile Name[] byNumber = new Name[16];
    private int count;

    @Nullable Name find(String text) {
      return byText.get(text);
    }

    Name make(String text) {
      Name name = next(text);
      add(name);
      return name;
    }

    Name next(String text) {
      return new Name(text, count);
    }

    /// Last into the map that is asked first: what an exhausted stack left undone is done again.
    void add(Name name) {
      if (name.number == byNumber.length) {
        byNumber = Arrays.copyOf(byNumber, name.number * 2);
      }
      byNumber[name.number] = name;
      count = name.number + 1;
      byText.put(name.text, name);
    }

    String text(int number) {
      return byNumber[number].text;
    }

    Postings rows(String text) {
      Name name = byText.get(text);
      return name == null ? Postings.NONE : name.rows;
    }

    List<Name> names() {
      return List.copyOf(byText.values());
    }

    List<String> texts() {
      return byText.values().stream()
          .filter(name -> name.rows.count() > 0)
          .map(Name::text)
          .toList();
    }
  }

  /// One page of all columns, primitive throughout: a garbage collector has nothing to follow.
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
