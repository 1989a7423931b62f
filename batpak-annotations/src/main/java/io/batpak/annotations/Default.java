package io.batpak.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares the value that a component takes when a stored payload has no field for it.
///
/// The text is checked at compile time: a number, `true` or `false`, an enum constant, the text
/// itself for a `String`, the ISO-8601 form for `Instant`, `Duration` and `LocalDate`, the
/// canonical form for `UUID`, `BigDecimal` and `BigInteger`; the empty text is the empty `byte[]`,
/// `List`, `Set` or `Map`. An `Optional` component needs none: it is empty when missing.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {

  /// {@return the value as text}
  String value();
}
