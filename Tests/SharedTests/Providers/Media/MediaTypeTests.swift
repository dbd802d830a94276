import Testing

@testable import Shared

@Suite("Media types")
struct MediaTypeTests {
    static func riff(_ form: String) -> [UInt8] { Array("RIFF".utf8) + [1, 2, 3, 4] + Array(form.utf8) }
    static func mp4(_ brand: String) -> [UInt8] { [0, 0, 0, 0x20] + Array("ftyp\(brand)".utf8) }

    static let known: [([UInt8], MediaType)] = [
        ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg), ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], .png),
        (riff("WEBPVP8 "), .webp), (Array("GIF89a".utf8), .gif), (Array("GIF87a".utf8), .gif),
        (Array("OggS\u{0}".utf8), .ogg), (Array("ID3\u{4}".utf8), .mp3), ([0xFF, 0xFB, 0x90], .mp3),
        ([0xFF, 0xF3, 0x90], .mp3), ([0xFF, 0xF1, 0x50], .aac), ([0xFF, 0xF9, 0x50], .aac), (mp4("M4A "), .mp4),
        (mp4("isom"), .mp4), (mp4("3gp5"), .mp4), (Array("#!AMR\n".utf8), .amr), (riff("WAVEfmt "), .wav),
        (Array("fLaC".utf8), .flac), ([0x1A, 0x45, 0xDF, 0xA3], .webm),
    ]

    @Test(arguments: known)
    func `a file is known by its first bytes`(bytes: [UInt8], type: MediaType) { #expect(MediaType(bytes) == type) }

    static let foreign: [[UInt8]] = [
        [], [0xFF], [0xFF, 0xD8], Array("<html>".utf8), Array("%PDF-1.7".utf8), Array("MZ".utf8),
        [0x7F, 0x45, 0x4C, 0x46],
        mp4("heic"), mp4("avif"), mp4("qt  "), riff("AVI "), Array("RIFF".utf8), Array("<svg xmlns=".utf8),
        Array("BM".utf8), [0x50, 0x4B, 3, 4], [0xFF, 0xFF, 0xFF], [0xFF, 0x00],
    ]

    @Test(arguments: foreign)
    func `every other file is none that is taken`(bytes: [UInt8]) { #expect(MediaType(bytes)?.family != .image) }

    private func taken(_ bytes: [UInt8], _ wanted: MediaType.Family, _ claim: String?) -> MediaType? {
        try? FetchedMedia(bytes, wanted: wanted, claim: claim).type
    }

    @Test func `bytes count as what they are, if they are what was wanted and claimed`() {
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0], ogg = Array("OggS".utf8)
        for claim in [nil, "image/jpeg", "IMAGE/PNG", "image/jpeg; q=1", "application/octet-stream"] {
            #expect(taken(jpeg, .image, claim) == .jpeg)
        }
        for claim in ["audio/ogg", "text/html", "video/mp4", "application/pdf", "application/ogg", "imagex/png", "x"] {
            #expect(taken(jpeg, .image, claim) == nil)
        }
        #expect(taken(jpeg, .audio, "image/jpeg") == nil && taken(ogg, .image, "audio/ogg") == nil)
        #expect(taken(ogg, .audio, "audio/ogg; codecs=opus") == .ogg && taken(ogg, .audio, "application/ogg") == .ogg)
        #expect(taken(Array("<html>".utf8), .image, "image/jpeg") == nil)
    }
}
