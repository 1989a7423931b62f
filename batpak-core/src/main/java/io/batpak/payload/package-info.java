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
@NullMarked
package io.batpak.payload;

import org.jspecify.annotations.NullMarked;
