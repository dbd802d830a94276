/// Texts that the program itself says, where neither configuration nor business has one.
enum Texts {
    static let apology = "Sorry, I cannot answer right now. We have been told and will come back to you."
}
