/// The kinds of files that are taken from strangers, known by their first bytes.
package enum MediaType: String, Sendable, CaseIterable {
    case jpeg, png, webp, gif
    case ogg, mp3, mp4, aac, amr, wav, flac, webm

    package enum Family: String, Sendable { case image, audio }

    package var family: Family {
        switch self {
        case .jpeg, .png, .webp, .gif: .image
        case .ogg, .mp3, .mp4, .aac, .amr, .wav, .flac, .webm: .audio
        }
    }

    /// As IANA has it.
    package var mimeType: String {
        switch self {
        case .mp3: "audio/mpeg"
        default: "\(family.rawValue)/\(rawValue)"
        }
    }

    /// By which a transcribing server knows the format.
    package var fileExtension: String { self == .mp4 ? "m4a" : rawValue }

    /// nil for every other file. Sources: the formats' own documents; WHATWG MIME Sniffing, sections 6.1 and 6.2.
    package init?(_ bytes: [UInt8]) {
        func has(_ text: String, at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: text.utf8) }
        func has(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
        if has([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has("GIF87a") || has("GIF89a") {
            self = .gif
        } else if has("RIFF"), has("WEBP", at: 8) {
            self = .webp
        } else if has("RIFF"), has("WAVE", at: 8) {
            self = .wav
        } else if has("OggS") {
            self = .ogg
        } else if has("fLaC") {
            self = .flac
        } else if has("#!AMR") {
            self = .amr
        } else if has("ID3") {
            self = .mp3
        } else if has([0x1A, 0x45, 0xDF, 0xA3]) {
            self = .webm
        } else if has("ftyp", at: 4), Self.mp4Brands.contains(where: { has($0, at: 8) }) {
            self = .mp4
        } else if bytes.count > 1, bytes[0] == 0xFF, let frame = Self.frame(bytes[1]) {
            self = frame
        } else {
            return nil
        }
    }

    /// Those that audio comes under; others are pictures (`heic`, `avif`).
    private static let mp4Brands = ["M4A ", "M4B ", "mp41", "mp42", "isom", "iso", "3gp", "3g2", "dash"]

    /// The second byte of an MPEG audio frame: the rest of its sync word, version, layer. Layer 0 is ADTS, that is AAC.
    private static func frame(_ byte: UInt8) -> MediaType? {
        if byte & 0xF6 == 0xF0 { return .aac }
        return byte & 0xE0 == 0xE0 && byte & 0x06 != 0 && byte & 0x18 != 0x08 ? .mp3 : nil
    }
}
