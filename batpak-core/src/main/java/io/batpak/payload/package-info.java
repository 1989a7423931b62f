/// Bytes ⇄ records: the contract between the store and generated codecs, on MessagePack.
///
/// Wire forms, all plain MessagePack that any tool opens:
///
/// | Java | MessagePack |
/// |---|---|
/// | record | map with a string key per component, in the order of declaration; read in any order |
/// | `byte short int long char` and boxes | integer in the smallest form; every integer form that fits is read |
/// | `boolean`, `float`, `double` and boxes | bool, float 32, float 64 (either float form is read as `double`) |
/// | `String`, enum | str (the enum's constant name) |
/// | `byte[]`, `UUID` | bin (16 bytes, big-endian, for a `UUID`) |
/// | `Instant` | timestamp, extension type -1 |
/// | `Duration` | array of 2: seconds, nanoseconds |
/// | `LocalDate`, `BigDecimal`, `BigInteger` | str: ISO-8601, `toString` |
/// | `Optional` | nil or the value |
/// | `List`, `Set` | array |
/// | `Map<String, …>` | map |
/// | sealed interface of records | map with one entry: simple name of the record → the record |
///
/// Rules for reading, besides the forms above:
///
/// - A field that the record does not know is skipped. A missing one takes its `@Default`, an
///   `Optional` is empty, anything else is malformed. A field that occurs twice is malformed.
/// - Lists, sets and maps come back unmodifiable. Sets and maps keep the order in which they were
///   written; an element or a key that occurs twice is malformed.
/// - Records nest at most {@link io.batpak.payload.MessageReader#DEPTH_MAX} deep, for writing too.
/// - What a record's own constructor refuses is malformed, with the refusal as the cause.
///
/// Each kind has one codec that `ServiceLoader` finds, that of its newest version. It reads the
/// older versions through their codecs and the `@Upcast` methods; those codecs are generated but
/// not registered.
@NullMarked
package io.batpak.payload;

import org.jspecify.annotations.NullMarked;
