/// The lines that two texts do not share.
struct Difference: CustomStringConvertible {
    let redis: [Substring]
    let model: [Substring]

    init(redis: String, model: String) {
        let inRedis = redis.split(separator: "\n"), inModel = model.split(separator: "\n")
        self.redis = inRedis.filter { !Set(inModel).contains($0) }
        self.model = inModel.filter { !Set(inRedis).contains($0) }
    }

    var description: String {
        "Redis has (\(redis.joined(separator: "; "))), the model (\(model.joined(separator: "; ")))"
    }
}
