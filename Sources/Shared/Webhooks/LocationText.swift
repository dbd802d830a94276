/// A place in words and degrees: `Old City, Jerusalem (31.7767, 35.2345)`.
package enum LocationText {
    /// nil when nothing is known of it. Degrees that no place on earth has are left out.
    package static func make(name: String?, address: String?, latitude: Double?, longitude: Double?) -> String? {
        let words = [name, address].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
        guard let latitude, let longitude, (-90.0...90).contains(latitude), (-180.0...180).contains(longitude) else {
            return words.isEmpty ? nil : words
        }
        let degrees = "(\(latitude), \(longitude))"
        return words.isEmpty ? degrees : "\(words) \(degrees)"
    }
}
