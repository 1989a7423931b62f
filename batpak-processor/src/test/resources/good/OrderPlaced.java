package good;

import io.batpak.annotations.Default;
import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Tag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

@EventPayload(category = 0x1, type = 7)
public record OrderPlaced(
    @Tag("customer") String customer,
    long totalCents,
    Instant dueAt,
    @Default("STANDARD") Shipping shipping,
    Optional<List<Line>> lines) {

  public enum Shipping {
    STANDARD,
    EXPRESS
  }

  public record Line(String article, @Default("1") int count) {}
}
