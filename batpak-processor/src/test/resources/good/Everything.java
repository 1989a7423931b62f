package good;

import io.batpak.annotations.Default;
import io.batpak.annotations.EventPayload;
import io.batpak.annotations.Tag;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

@EventPayload(category = 3, type = 1)
record Everything(
    @Default("true") boolean aBoolean,
    @Default("-1") byte aByte,
    @Default("-2") short aShort,
    @Default("-3") @Tag int anInt,
    @Default("-4") long aLong,
    @Default("\\") char aChar,
    @Default("0.5") float aFloat,
    @Default("NaN") double aDouble,
    @Default("5") Integer aBox,
    @Default("\"quoted\"") String text,
    @Default("") byte[] bytes,
    @Default("00000000-0000-0001-0000-000000000002") @Tag UUID id,
    @Default("2024-02-29T12:00:00.5Z") Instant at,
    @Default("PT1.5S") Duration duration,
    @Default("2024-02-29") LocalDate date,
    @Default("1.50") BigDecimal decimal,
    @Default("7") BigInteger integer,
    @Default("RED") @Tag("colour") Color color,
    @Default("") List<Optional<Long>> list,
    @Default("") Set<Map<String, Everything>> set,
    @Default("") Map<String, List<byte[]>> map,
    Optional<Color> optional) {}

enum Color {
  RED,
  GREEN,
  BLUE
}
