package io.batpak.failure;

import org.jspecify.annotations.Nullable;

/// The store cannot do what was asked. Each permitted type carries what, where and the expectation
/// as fields; the message says the same in one sentence, with what to do.
public abstract sealed class StoreException extends RuntimeException
    permits Locked,
        Closed,
        Corrupt,
        FormatTooNew,
        FormatTooOld,
        DiskFailed,
        DiskFull,
        ForeignFile,
        BadConfiguration,
        LimitExceeded,
        InvalidName,
        ReservedKind,
        UnregisteredPayload,
        MalformedPayload,
        BeyondEnd,
        FenceActive,
        FenceEnded,
        HiddenEvent,
        Interrupted {

  private static final long serialVersionUID = 1L;

  StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
