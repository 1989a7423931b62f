package good;

import io.batpak.event.EventKind;
import io.batpak.payload.MessageReader;
import io.batpak.payload.MessageWriter;
import io.batpak.payload.NameTable;
import io.batpak.payload.PayloadCodec;
import io.batpak.payload.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The codec of {@link OrderPlaced}: kind 1:007, version 1.
///
/// Generated from that record by batpak-processor; change the record, not this.
@SuppressWarnings({"deprecation", "exports", "removal"})
public final class OrderPlacedCodec implements PayloadCodec<OrderPlaced> {

  private static final EventKind KIND = new EventKind(0x1, 0x007);

  private static final NameTable ORDER_PLACED_NAMES =
      NameTable.of("customer", "totalCents", "dueAt", "shipping", "lines");
  private static final NameTable LINE_NAMES = NameTable.of("article", "count");
  private static final NameTable SHIPPING_NAMES = NameTable.of("STANDARD", "EXPRESS");

  /// Creates the codec; it has no state.
  public OrderPlacedCodec() {}

  @Override
  public Class<OrderPlaced> type() {
    return OrderPlaced.class;
  }

  @Override
  public EventKind kind() {
    return KIND;
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public void write(OrderPlaced payload, MessageWriter out) {
    out.payload("good.OrderPlaced");
    writeOrderPlaced(out.present(payload), out);
  }

  @Override
  public OrderPlaced read(MessageReader in, int version) {
    in.payload("good.OrderPlaced");
    if (version != 1) {
      throw in.malformed("version " + version + " is unknown, the newest known is 1");
    }
    return readOrderPlaced(in);
  }

  @Override
  public List<String> tags(OrderPlaced payload) {
    return new Tags("good.OrderPlaced")
        .add("customer", "customer", payload.customer())
        .toList();
  }

  private static void writeOrderPlaced(OrderPlaced value, MessageWriter out) {
    out.enterRecord(5);
    out.writeField(ORDER_PLACED_NAMES, 0);
    out.writeString(out.present(value.customer()));
    out.writeField(ORDER_PLACED_NAMES, 1);
    out.writeLong(value.totalCents());
    out.writeField(ORDER_PLACED_NAMES, 2);
    out.writeTimestamp(out.present(value.dueAt()));
    out.writeField(ORDER_PLACED_NAMES, 3);
    out.writeString(out.present(value.shipping()).name());
    out.writeField(ORDER_PLACED_NAMES, 4);
    writeOptionalOfListOfLine(out.present(value.lines()), out);
    out.leaveRecord();
  }

  private static OrderPlaced readOrderPlaced(MessageReader in) {
    String customer = null;
    long totalCents = 0;
    Instant dueAt = null;
    OrderPlaced.Shipping shipping = null;
    Optional<List<OrderPlaced.Line>> lines = null;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(ORDER_PLACED_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> customer = in.readString();
        case 1 -> totalCents = in.readLong();
        case 2 -> dueAt = in.readTimestamp();
        case 3 -> shipping = readShipping(in);
        case 4 -> lines = readOptionalOfListOfLine(in);
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x1FL) != 0x1FL) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("customer");
      }
      if ((seen & 0x2L) == 0) {
        throw in.missing("totalCents");
      }
      if ((seen & 0x4L) == 0) {
        throw in.missing("dueAt");
      }
      if ((seen & 0x8L) == 0) {
        shipping = OrderPlaced.Shipping.STANDARD;
      }
      if ((seen & 0x10L) == 0) {
        lines = Optional.empty();
      }
    }
    in.leaveRecord();
    try {
      return new OrderPlaced(customer, totalCents, dueAt, shipping, lines);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static void writeLine(OrderPlaced.Line value, MessageWriter out) {
    out.enterRecord(2);
    out.writeField(LINE_NAMES, 0);
    out.writeString(out.present(value.article()));
    out.writeField(LINE_NAMES, 1);
    out.writeLong(value.count());
    out.leaveRecord();
  }

  private static OrderPlaced.Line readLine(MessageReader in) {
    String article = null;
    int count = 0;
    long seen = 0;
    int field = -1;
    for (int left = in.enterRecord(); left > 0; left--) {
      field = in.readField(LINE_NAMES, field + 1, seen);
      switch (field) {
        case 0 -> article = in.readString();
        case 1 -> count = in.readInt();
        default -> in.skip();
      }
      seen |= 1L << field; // an unknown field is -1 and sets bit 63, which stands for no component
    }
    if ((seen & 0x3L) != 0x3L) {
      if ((seen & 0x1L) == 0) {
        throw in.missing("article");
      }
      if ((seen & 0x2L) == 0) {
        count = 1;
      }
    }
    in.leaveRecord();
    try {
      return new OrderPlaced.Line(article, count);
    } catch (RuntimeException refusal) {
      throw in.refused(refusal);
    }
  }

  private static OrderPlaced.Shipping readShipping(MessageReader in) {
    return switch (in.readName(SHIPPING_NAMES)) {
      case 0 -> OrderPlaced.Shipping.STANDARD;
      case 1 -> OrderPlaced.Shipping.EXPRESS;
      default -> throw in.malformed("expected one of " + SHIPPING_NAMES);
    };
  }

  private static void writeOptionalOfListOfLine(Optional<List<OrderPlaced.Line>> value, MessageWriter out) {
    if (value.isEmpty()) {
      out.writeNil();
    } else {
      writeListOfLine(out.present(value.get()), out);
    }
  }

  private static Optional<List<OrderPlaced.Line>> readOptionalOfListOfLine(MessageReader in) {
    return in.readNil() ? Optional.empty() : Optional.of(readListOfLine(in));
  }

  private static void writeListOfLine(List<OrderPlaced.Line> value, MessageWriter out) {
    out.writeArrayHeader(value.size());
    for (OrderPlaced.Line element : value) {
      writeLine(out.present(element), out);
    }
  }

  private static List<OrderPlaced.Line> readListOfLine(MessageReader in) {
    int count = in.readArrayHeader();
    List<OrderPlaced.Line> elements = new ArrayList<>(MessageReader.capacity(count));
    for (int i = 0; i < count; i++) {
      elements.add(readLine(in));
    }
    return List.copyOf(elements);
  }
}
