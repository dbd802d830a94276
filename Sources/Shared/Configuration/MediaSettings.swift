/// Voice messages and pictures.
package struct MediaSettings: Sendable {
    /// Of one file. `MEDIA_MAX_BYTES`
    package let mostBytes: Int

    init(_ reader: inout EnvironmentReader) {
        mostBytes = reader.int(
            "MEDIA_MAX_BYTES", default: 16_777_216, in: 1024...104_857_600,
            "largest voice message or picture that is fetched, bytes")
    }
}
