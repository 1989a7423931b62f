package io.batpak.engine.frame;

import io.batpak.event.Coordinate;
import io.batpak.event.Hash;
import io.batpak.payload.MessageWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;

/// Turns drafts into frames, one behind the other in one array that is reused. For the holder of
/// the writer role.
///
/// A frame costs no allocation (FrameBench.encode). Its event hash is not worked out here: the
/// bytes are fixed, so whoever needs the hash can do it later ({@link EventHasher}).
public final class FrameEncoder {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte[] ZEROS = new byte[FrameLayout.ALIGNMENT];

  /// Above this an array grown by a large batch is given back; one default segment's preallocation
  /// step.
  private static final int KEPT_BYTES_MAX = 1 << 20;

  private final int bytesMax;
  private final CRC32 crc32 = new CRC32();
  private MessageWriter out;
  private int headerBytes;

  /// Creates an encoder.
  ///
  /// @param bytesMax the most that the frames of one commit may take together
  public FrameEncoder(int bytesMax) {
    this.bytesMax = bytesMax;
    this.out = new MessageWriter(bytesMax);
    rehearse();
  }

  /// Encodes a frame for nobody, so that every class is there before a caller with little stack
  /// needs it: a class whose initialization fails is lost for the whole process.
  private void rehearse() {
    var draft = new FrameDraft(Coordinate.of("e", "s"), 0, 0, 0);
    draft.plain(List.of()).writeNil();
    assert draft.frameBytesMax() > 0;
    encode(draft, new Stamp());
    clear();
  }

  /// Forgets the frames of the last commit.
  public void clear() {
    if (out.array().length > KEPT_BYTES_MAX) {
      out = new MessageWriter(bytesMax);
    }
    out.clear();
  }

  /// Forgets the frames behind an end, such as one that was begun and not finished.
  ///
  /// @param end an earlier value of {@link #end()}
  public void rewind(int end) {
    out.rewind(end);
  }

  /// {@return the array that holds the frames from index 0 on}
  public byte[] array() {
    return out.array();
  }

  /// {@return how many bytes the frames take, a multiple of 8}
  public int end() {
    return out.end();
  }

  /// {@return the length of the header of the frame encoded last}
  public int headerBytes() {
    return headerBytes;
  }

  /// Appends one frame.
  ///
  /// @param draft what the caller knows
  /// @param stamp what the commit knows
  public void encode(FrameDraft draft, Stamp stamp) {
    MessageWriter out = this.out;
    int start = out.end();
    out.writeRaw(ZEROS, 0, FrameLayout.BODY_OFFSET);
    out.writeArrayHeader(2);
    int header = out.end();
    out.writeArrayHeader(FrameLayout.HEADER_COUNT);
    out.writeLong(stamp.sequence);
    writeId(out, stamp.idHigh, stamp.idLow);
    out.writeLong(stamp.counter);
    out.writeRaw(draft.bytes(), 0, draft.tagsStart());
    out.writeLong(stamp.clock);
    int moved = out.end() - draft.tagsStart();
    out.writeRaw(draft.bytes(), draft.tagsStart(), draft.payloadStart() - draft.tagsStart());
    if (draft.causeItem() >= 0) {
      link(draft, stamp, moved);
    }
    out.writeLong(stamp.more);
    out.writeLong(stamp.unforced);
    writePrevious(out, stamp);
    headerBytes = out.end() - header;
    out.writeRaw(draft.bytes(), draft.payloadStart(), draft.end() - draft.payloadStart());
    close(start);
  }

  /// Pads the frame and writes its length and checksum.
  private void close(int start) {
    MessageWriter out = this.out;
    int bodyBytes = out.end() - start - FrameLayout.BODY_OFFSET;
    out.writeRaw(ZEROS, 0, FrameLayout.align(out.end()) - out.end());
    byte[] array = out.array();
    crc32.reset();
    crc32.update(array, start + FrameLayout.BODY_OFFSET, bodyBytes);
    INT.set(array, start + FrameLayout.LENGTH_OFFSET, bodyBytes);
    INT.set(array, start + FrameLayout.CRC_OFFSET, (int) crc32.getValue());
  }

  /// Fills in the ids of earlier items of the batch.
  private void link(FrameDraft draft, Stamp stamp, int moved) {
    byte[] array = out.array();
    LONG.set(array, draft.causationStart() + moved, stamp.causeHigh);
    LONG.set(array, draft.causationStart() + moved + Long.BYTES, stamp.causeLow);
    if (draft.conversationItem() >= 0) {
      LONG.set(array, draft.correlationStart() + moved, stamp.conversationHigh);
      LONG.set(array, draft.correlationStart() + moved + Long.BYTES, stamp.conversationLow);
    }
  }

  private static void writePrevious(MessageWriter out, Stamp stamp) {
    out.writeBinaryHeader(Hash.BYTES);
    out.writeRawLong(stamp.previous0);
    out.writeRawLong(stamp.previous1);
    out.writeRawLong(stamp.previous2);
    out.writeRawLong(stamp.previous3);
  }

  static void writeId(MessageWriter out, long high, long low) {
    out.writeBinaryHeader(16);
    out.writeRawLong(high);
    out.writeRawLong(low);
  }

  /// What only the commit knows of a frame. One instance is set anew for each.
  public static final class Stamp {

    private long sequence;
    private long clock;
    private long previous0;
    private long previous1;
    private long previous2;
    private long previous3;
    private long idHigh;
    private long idLow;
    private int counter;
    private int more;
    private long unforced;
    private long causeHigh;
    private long causeLow;
    private long conversationHigh;
    private long conversationLow;

    /// Creates an empty stamp.
    public Stamp() {}

    /// {@return position in the store}
    public long sequence() {
      return sequence;
    }

    /// {@return the entity's own counter}
    public long clock() {
      return clock;
    }

    /// {@return upper half of the event id}
    public long idHigh() {
      return idHigh;
    }

    /// {@return lower half of the event id}
    public long idLow() {
      return idLow;
    }

    /// {@return logical part of the clock}
    public int counter() {
      return counter;
    }

    /// Sets the event's place.
    ///
    /// @param sequence position in the store
    /// @param clock the entity's own counter
    public void place(long sequence, long clock) {
      this.sequence = sequence;
      this.clock = clock;
    }

    /// Sets the event hash of the entity's previous event, as four big-endian words.
    ///
    /// @param word0 bytes 0 to 7
    /// @param word1 bytes 8 to 15
    /// @param word2 bytes 16 to 23
    /// @param word3 bytes 24 to 31
    public void previous(long word0, long word1, long word2, long word3) {
      this.previous0 = word0;
      this.previous1 = word1;
      this.previous2 = word2;
      this.previous3 = word3;
    }

    /// Sets the event hash of the entity's previous event.
    ///
    /// @param hash zeros if there is none
    public void previous(Hash hash) {
      previous(hash.word0(), hash.word1(), hash.word2(), hash.word3());
    }

    /// Sets the event's time and identity.
    ///
    /// @param idHigh upper half of the event id; its upper 48 bits are the wall time
    /// @param idLow lower half of the event id
    /// @param counter logical part of the clock
    public void time(long idHigh, long idLow, int counter) {
      this.idHigh = idHigh;
      this.idLow = idLow;
      this.counter = counter;
    }

    /// Sets the event of the same batch that this one answers.
    ///
    /// @param idHigh upper half of its id
    /// @param idLow lower half of its id
    public void cause(long idHigh, long idLow) {
      this.causeHigh = idHigh;
      this.causeLow = idLow;
    }

    /// Sets the event of the same batch that began the conversation.
    ///
    /// @param idHigh upper half of its id
    /// @param idLow lower half of its id
    public void conversation(long idHigh, long idLow) {
      this.conversationHigh = idHigh;
      this.conversationLow = idLow;
    }

    /// Sets what recovery needs to know.
    ///
    /// @param more how many frames of the batch follow
    /// @param unforced how many sequences before this one are not known to be durable
    public void recovery(int more, long unforced) {
      this.more = more;
      this.unforced = unforced;
    }
  }
}
