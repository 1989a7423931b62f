package io.batpak.engine.frame;

import io.batpak.event.Coordinate;
import io.batpak.event.EventFlags;
import io.batpak.event.EventKind;
import io.batpak.event.LifecycleKinds;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import java.util.List;
import java.util.function.Consumer;

/// The events that the library writes about the store itself: their payloads, MessagePack maps.
///
/// | kind | fields |
/// |---|---|
/// | `STORE_RECOVERED` | `cutBytes`, `droppedSegments`, `reason`: what opening cut |
/// | `FENCE_BEGUN` | `begun`: -1; `cancelled` |
/// | `FENCE_COMMITTED`, `FENCE_CANCELLED` | `begun`: sequence of the fence's beginning; `cancelled` |
///
/// `cancelled` is the sequence of the last `FENCE_CANCELLED` before, or -1: so that the ranges that
/// are hidden for good are found by going from one to the next, without a search.
public final class LifecycleDrafts {

  private static final Coordinate PLACE =
      new Coordinate(LifecycleKinds.ENTITY, LifecycleKinds.SCOPE);

  private static final int VERSION = 1;

  /// What an event of a fence says.
  ///
  /// @param begun sequence of the fence's beginning; -1 in the beginning itself
  /// @param cancelled sequence of the last cancellation before; -1 if there is none
  public record Fence(long begun, long cancelled) {}

  private LifecycleDrafts() {}

  /// {@return the event that tells what opening cut}
  ///
  /// @param cutBytes how many bytes
  /// @param droppedSegments how many files
  /// @param reason what was found
  public static FrameDraft recovered(long cutBytes, int droppedSegments, String reason) {
    return draft(
        LifecycleKinds.STORE_RECOVERED,
        out -> {
          out.writeMapHeader(3);
          out.writeString("cutBytes");
          out.writeLong(cutBytes);
          out.writeString("droppedSegments");
          out.writeLong(droppedSegments);
          out.writeString("reason");
          out.writeString(reason);
        });
  }

  /// {@return an event of a fence}
  ///
  /// @param kind one of the three
  /// @param fence what it says
  public static FrameDraft fence(EventKind kind, Fence fence) {
    return draft(
        kind,
        out -> {
          out.writeMapHeader(2);
          out.writeString("begun");
          out.writeLong(fence.begun);
          out.writeString("cancelled");
          out.writeLong(fence.cancelled);
        });
  }

  private static FrameDraft draft(EventKind kind, Consumer<MessageWriter> payload) {
    var draft = new FrameDraft(PLACE, kind.bits(), VERSION, EventFlags.LIFECYCLE);
    payload.accept(draft.plain(List.of()));
    return draft;
  }

  /// {@return what the payload of a loaded frame says; it is an event of a fence}
  ///
  /// @param decoder has loaded the frame
  /// @throws io.batpak.failure.MalformedPayload if it is not what a writer makes
  public static Fence fence(FrameDecoder decoder) {
    int version = decoder.openPayload();
    MessageReader in = decoder.payloadReader();
    in.payload("fence");
    if (version != VERSION || in.readMapHeader() != 2) {
      throw in.malformed("version " + version + ", expected a map of 2 in version " + VERSION);
    }
    return new Fence(number(in, "begun"), number(in, "cancelled"));
  }

  private static long number(MessageReader in, String field) {
    in.field(field);
    String found = in.readString();
    if (!found.equals(field)) {
      throw in.malformed("a field " + found + ", expected " + field);
    }
    return in.readLong(-1, Long.MAX_VALUE);
  }
}
