/// How `rejoinder doctor` looks, and at what.
struct DoctorOptions: Equatable {
    var isJSON = false
    var data: String?

    init() {}

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(words, valued: ["data"], flags: ["json"])
        isJSON = options.has("json")
        data = options["data"]
    }
}
