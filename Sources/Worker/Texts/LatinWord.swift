/// Words that tell languages of the Latin script apart, in lower case. What people write without its accents stands here
/// in both forms.
enum LatinWord {
    /// A word's letters in lower case, without what stands around them.
    static func letters(of word: Substring) -> String {
        let isLetter = { (character: Character) in character.isLetter }
        guard let first = word.firstIndex(where: isLetter), let last = word.lastIndex(where: isLetter) else {
            return ""
        }
        return word[first...last].lowercased().replacing("’", with: "'")
    }

    static let english = words(
        """
        the is are am was were you your yours i'm i've i'd i'll my we our they it's this that these those what what's how
        when where why who which can could would should do does did don't doesn't didn't have has had need want like know
        get got please thanks thank hello hi hey morning afternoon evening yes and but or not with for from about there
        here much many any some will would help order price open tomorrow today be been just also of to it in on at
        """)

    static let spanish = words(
        """
        hola buenos buenas días dias tardes noches gracias qué que cómo como cuánto cuanto cuánta cuanta cuándo cuando
        dónde donde quién quien por favor el los las una unos unas del al y o con sin pero muy más mas también tambien
        está esta están estan es son soy eres somos tengo tiene tienen tienes quiero quiere quisiera necesito puedo puede
        pueden hay mi su sus usted ustedes yo tú él ella nosotros para precio cuesta vale ahora hoy mañana sí bueno bien
        ya le les me te se lo la cita pedido horario abierto gustaría gustaria información informacion
        """)

    static let portuguese = words(
        """
        olá ola oi bom boa dia tarde noite obrigado obrigada obg não nao você voce vocês voces vc vcs tudo bem quanto
        quanta quando onde quem qual quais como por favor que os as um uma uns umas do da dos das no na nos nas ao aos e
        ou com sem mas muito mais também tambem tb está esta estão estao é são sao sou tenho tem têm temos quero quer
        queria gostaria preciso posso pode podem há tem meu minha seu sua eu ele ela nós para pra preço preco custa vale
        agora hoje amanhã amanha sim já ja pedido horário horario aberto informação informacao isso aqui
        """)

    /// Common in other languages that are often taken for one of these.
    static let foreign = words(
        """
        je tu il nous vous c'est j'ai le les des du est sont une un pas pour avec dans et ou où bonjour bonsoir merci oui
        s'il plaît salut ça votre combien quel quelle ciao buongiorno buonasera grazie che non per sono siete ho hai è di
        il gli quanto perché come vorrei prego sì ich du sie wir ihr ist sind ein eine und nicht mit für von hallo guten
        tag danke bitte wie wann wo kann haben möchte het een en ik je niet van voor met dank hoe wat bună mulțumesc şi
        bonjou hei hej tack och jag det är ikke og jeg merhaba teşekkürler bir nasıl cześć dziękuję dzień dobry jak
        """)

    private static func words(_ list: String) -> Set<String> {
        Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
    }
}
