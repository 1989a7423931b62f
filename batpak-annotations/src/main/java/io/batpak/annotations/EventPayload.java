package io.batpak.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a record as the payload of one kind of event.
///
/// The annotation processor generates a codec for it. Kind and version are written into every
/// event, so they are chosen once and never changed for a payload that has been stored.
///
/// The record `Orders.Placed` gets the codec `Orders_PlacedCodec` in its package. The newest
/// version's codec is listed in `META-INF/services/io.batpak.payload.PayloadCodec`; a module names
/// it in `provides` as well. The record is top-level or nested, not private and not generic; a
/// local one is not seen.
///
/// With `-Abatpak.frozen=DIR` the processor checks on every build that samples of each version,
/// kept in `DIR`, would still decode; `-Abatpak.freeze=true` writes those that are missing.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface EventPayload {

  /// {@return the upper 4 bits of the kind, 0x1 to 0xC, 0xE or 0xF; 0x0 and 0xD belong to the
  /// library}
  int category();

  /// {@return the lower 12 bits of the kind, 0x001 to 0xFFF, unique within the category}
  int type();

  /// {@return the schema version, 1 to 65535; above 1 the record needs an {@link Upcast} method}
  int version() default 1;
}
