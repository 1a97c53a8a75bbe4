"""What the demo school tells: invented news, in the words a school would use."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Story:
    """A group post. `levels` are the year levels it could be about; `picture` is a file in demo/pictures."""

    title: str
    text: str
    levels: tuple[int, ...]
    picture: str = ""
    alt: str = ""


YOUNG, LOWER, UPPER = (1, 2), (3, 4), (5, 6, 7, 8)

STORIES = [
    Story(
        "Op zoek naar de mooiste bladeren",
        "In het bos vonden we dertien soorten bladeren. Terug in de klas legden we er samen een kring van. "
        "Vraag maar eens welk blad op een hart lijkt!",
        YOUNG,
        "leaf-circle.jpg",
        "Bladeren en eikels, gelegd in een kring",
    ),
    Story(
        "Regenlaarzendag",
        "Het regende, dus gingen we juist naar buiten. We hebben gemeten welke plas de diepste was: **tot de enkels**.",
        YOUNG,
        "boots.jpg",
        "Twee paar laarzen in een plas",
    ),
    Story(
        "Knutselen met kastanjes",
        "Vandaag werd de knutseltafel een dierentuin. Er staat nu een egel, een spin en iets dat nog geen naam heeft.",
        YOUNG + LOWER,
        "craft-table.jpg",
        "Een tafel met kastanjes, papier en lijm",
    ),
    Story(
        "Een letter die zoemt",
        "We leerden een nieuwe letter. Hij zoemt als een bij en hij staat vaker in de krant dan je denkt: we vonden er "
        "vierenvijftig op één bladzijde.",
        (3,),
    ),
    Story(
        "Samen rekenen in de gang",
        "De gang was vandaag een getallenlijn van honderd stappen. Springen van tien is sneller dan je denkt.",
        LOWER,
        "class-circle.jpg",
        "Kinderen zitten samen in een kring",
    ),
    Story(
        "Het bos in met een zoekkaart",
        "Met een zoekkaart in de hand liepen we het bospad af. We hoorden een specht, maar hij liet zich niet zien.",
        LOWER + UPPER,
        "forest-path.jpg",
        "Kinderen op het bospad, van achteren gezien, tussen de herfstbladeren",
    ),
    Story(
        "Breuken met een pizza",
        "Hoeveel is drie achtste? Met papieren pizza's zagen we het ineens. Morgen rekenen we zonder korst.",
        (5, 6),
    ),
    Story(
        "Een ochtend vol sport",
        "Op het veld deden we estafette, verspringen en een spel dat we zelf bedachten. Iedereen werd aangemoedigd.",
        LOWER + UPPER,
        "sports-day.jpg",
        "Een sportveld met pylonen en vlaggetjes",
    ),
    Story(
        "Soep van de hele groep",
        "Iedereen sneed iets. Het werd oranje soep en hij was op voordat de bel ging.",
        UPPER,
        "soup.jpg",
        "Een pan soep met groenten eromheen",
    ),
    Story(
        "Topografie zonder atlas",
        "We tekenden Nederland uit het hoofd. Limburg was soms wat kort en Texel wat groot, maar de rivieren klopten.",
        (6, 7, 8),
    ),
    Story(
        "Debatteren over de speeltijd",
        "Moet de pauze langer? Voor- en tegenstanders wisselden van kant. Dat bleek het moeilijkste.",
        (7, 8),
    ),
    Story(
        "Proefjes met water en olie",
        "Water en olie willen niet mengen, tot er een druppel afwasmiddel bij komt. We weten nu ook waarom.",
        (5, 6, 7),
    ),
    Story(
        "De verteltas ging open",
        "Er zat een bril in, een sleutel en een handschoen. Samen maakten we er een verhaal van.",
        YOUNG,
    ),
    Story(
        "Voorlezen aan elkaar",
        "In tweetallen lazen we voor. Wie luistert, stelt één vraag. Het was stil en toch hoorde je de hele klas.",
        (*LOWER, 5),
    ),
    Story(
        "Een liedje in drie stemmen",
        "Eerst durfde niemand, toen iedereen. Bij de kerstviering hoort u hoe het klinkt.",
        UPPER,
    ),
    Story(
        "Bouwen met blokken",
        "De toren werd hoger dan de kast. Daarna hebben we uitgerekend hoeveel blokken er in zaten.",
        YOUNG,
    ),
    Story(
        "De klok op heel en half",
        "We speelden een schooldag na met een grote klok. Om half tien was het al pauze, vond de klas.",
        (3, 4),
        "class-circle.jpg",
        "Kinderen zitten samen in een kring",
    ),
    Story(
        "Een brief aan de schrijver",
        "We schreven een brief aan de schrijver van ons voorleesboek. Eén vraag stond overal in: "
        "komt er een deel twee?",
        (*UPPER, 4),
    ),
]

KWINK = [
    ("Kwink: om hulp vragen", "Om hulp vragen is knap. Thuis kunt u vragen: wie hielp jou vandaag?"),
    ("Kwink: luisteren naar elkaar", "Deze week oefenen we luisteren zonder te onderbreken."),
    ("Kwink: zeggen wat je voelt", "We zoeken woorden voor wat we voelen, ook voor wat moeilijk is."),
    ("Kwink: samen een probleem oplossen", "Eerst rustig worden, dan vertellen, dan samen kiezen."),
    ("Kwink: een compliment geven", "Een goed compliment gaat over wat iemand deed."),
    ("Kwink: omgaan met verliezen", "Verliezen hoort bij spelen. We oefenen wat je dan kunt zeggen."),
    ("Kwink: iedereen hoort erbij", "Wie speelt er alleen? Deze week letten we daar samen op."),
    ("Kwink: rustig worden", "Adem in, tel tot vier, adem uit. Dat kan ook thuis aan tafel."),
]

GOALS = [
    ("Rekenen", "We tellen verder en terug met sprongen van tien."),
    ("Taal", "We schrijven een verhaal met een begin, een midden en een eind."),
]
INFANT_GOALS = [
    ("Verplichte werkjes", "De stempelkaart en de blokkentoren van vijf."),
    ("Nieuw thema", "We beginnen met het thema 'Wat vliegt daar?'"),
]
TALK_TOPICS = ["Vleermuizen", "Mijn pony", "De brandweer", "Vulkanen", "Marokko", "Voetbal", "Bijen", "De ruimte"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team: names, what children say, group, and working days (weekday -> weeks)."""

    first_name: str
    infix: str
    last_name: str
    called: str
    kind: str
    group: str = ""
    days: dict[int, str] = field(default_factory=dict)


MON_TO_WED = {1: "every", 2: "every", 3: "every"}
TEAM = [
    Person("Fenna", "de", "Jong", "Juf Fenna", "teacher", "Groep 1/2A", MON_TO_WED),
    Person("Mirthe", "", "Sanders", "Juf Mirthe", "duo", "Groep 1/2A", {4: "every", 5: "every"}),
    Person("Jolien", "van", "Es", "Juf Jolien", "teacher", "Groep 1/2B"),
    Person("Rachid", "", "Bouzid", "Meester Rachid", "teacher", "Groep 3"),
    Person("Petra", "", "Lammers", "Juf Petra", "teacher", "Groep 4", {1: "every", 2: "every", 3: "odd"}),
    Person("Simone", "", "Oudejans", "Juf Simone", "duo", "Groep 4", {3: "even", 4: "every", 5: "every"}),
    Person("Anouk", "", "Verbeek", "Juf Anouk", "teacher", "Groep 5", {2: "every", 3: "every", 4: "every"}),
    Person("Bram", "", "Hofman", "Meester Bram", "duo", "Groep 5", {1: "every", 5: "every"}),
    Person("Lotfi", "", "Azzouzi", "Meester Lotfi", "teacher", "Groep 6"),
    Person("Geertje", "ter", "Veld", "Juf Geertje", "teacher", "Groep 7/8"),
    Person("Henk", "", "Zwart", "Meester Henk", "duo", "Groep 7/8", {5: "every"}),
]
OFFICE = [
    Person("Wilma", "", "Kroon", "Wilma", "office"),
    Person("Ineke", "van", "Straten", "Ineke van Straten", "management"),
    Person("Dorien", "", "Maes", "Dorien", "care_coordinator"),
]
