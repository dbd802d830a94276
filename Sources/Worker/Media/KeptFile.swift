import Native
import Shared

/// Where a file that came with a message is kept, below `MEDIA_DIR`: `<business>/<year>-<month>/<job>-<place>.<type>`.
struct KeptFile: Equatable, Sendable {
    /// Below `MEDIA_DIR`.
    let folder: String
    /// Without what tells its type.
    let stem: String

    /// - Parameters:
    ///   - job: of the message.
    ///   - place: of the file among those that came with the message, from 0.
    init(business: String, job: JobID, place: Int, acceptedAt: WallTime) {
        folder = "\(Self.name(business))/\(Timestamp.text(acceptedAt).prefix(7))"
        stem = "\(Self.name(job.rawValue))-\(place)"
    }

    /// By what the bytes are; by what was claimed only where that cannot be run or shown as anything else.
    static func fileExtension(of bytes: [UInt8], claim: String?) -> String {
        if let type = MediaType(bytes) { return type.fileExtension }
        if bytes.starts(with: "%PDF-".utf8) { return "pdf" }
        let claimed = claim?.split(whereSeparator: { $0 == ";" || $0 == " " }).first?.lowercased() ?? ""
        return harmless[claimed] ?? "bin"
    }

    private static let harmless = [
        "video/mp4": "mp4", "video/3gpp": "3gp", "text/plain": "txt", "text/csv": "csv", "text/vcard": "vcf",
        "text/x-vcard": "vcf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    ]

    /// A name of a folder or file that leads nowhere else, and is another one for each text.
    private static func name(_ text: String) -> String { PercentEncoding.encode(text, sparing: "-_") }
}
