package io.batpak.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the static method of a payload record that makes it from the version before.
///
/// Its one parameter is the payload record of the same kind and the version one lower; it returns
/// the record it stands in. Stored events of older versions are decoded as what they were and
/// lifted step by step.
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Upcast {}
