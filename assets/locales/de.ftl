# Deutsch. Argumente: $name Vorname, $star Name des Stars, $note wer das ist, $percent „87%“.

## Die Befehle, wie das Menü von Telegram sie zeigt
command-start = was dieser Bot macht
command-help = so wird die Antwort gut
command-privacy = was mit deinem Foto passiert
command-delete = alles über mich löschen
command-export = alles bekommen, was über mich gespeichert ist
command-mine = die Stars, die ich bekommen habe
command-top = die häufigsten Stars dieser Woche
command-settings = unter wem ich deinen Star suche
command-language = Sprache wählen

## Was man vom Bot sieht, bevor man schreibt: Name (64 Zeichen), Beschreibung (512), Kurzbeschreibung (120)
profile-name = Welchem Star sehe ich ähnlich?
profile-description =
    Schick mir ein Selfie, und ich sage dir, welchem Star du ähnlich siehst und wie sehr. Mit einem Bild zum Teilen. ✨

    🙋 Ein Gesicht, eine ganze Gruppe, du und noch jemand.
    🔒 Ich sehe mir dein Foto einmal an und werfe es weg. Von deinem Gesicht wird nie etwas gespeichert.
    🎭 Ein Spiel für Erwachsene, das niemanden identifiziert.
profile-short-description = Selfie rein, Star raus: Wem siehst du ähnlich? Nur zum Spaß, kein Foto wird gespeichert. 📸

## Begrüßung und Hilfe
start =
    Hi { $name }! Schick mir ein Selfie, und ich sage dir, welchem Star du ähnlich siehst und wie sehr.

    { $people ->
        [one] Ein Star freut
       *[other] { $people } Stars freuen
    } sich auf dich. 📸
friend = Star
hello = Hi { $name }! Schick mir ein Foto von deinem Gesicht, und ich finde deinen Star. 📸
help =
    Schick ein Foto, und ich antworte mit deinem Star und einem Prozentwert.

    • Am besten klappt es mit einem Gesicht, von vorn, bei gutem Licht.
    • Mehrere Leute auf dem Bild? Alle bekommen einen Star.
    • Auch Alben gehen, und Bilder, die als Datei geschickt werden (JPEG, PNG, HEIC, WebP, AVIF, GIF). Bei Videos, GIFs und Stickern sehe ich mir ein Einzelbild an.

    Die Prozente: Bei 87% siehst du deinem Star ähnlicher als 87% der Leute ihrem.

    Es ist ein Spiel für Erwachsene: Bei Kindergesichtern liegt es oft daneben. Es identifiziert niemanden.

    { $commands }
send-photo = Schick mir ein Foto mit einem Gesicht drauf, und ich finde deinen Star. Mehr unter /help.
only-pictures = Ich kann mir nur Bilder ansehen. Schick es als Foto oder als JPEG-, PNG-, HEIC-, WebP-, AVIF- oder GIF-Datei.
old-button = Dieser Knopf ist aus einer anderen Zeit, ich weiß nichts mehr damit anzufangen. Schick mir ein Foto. 📸
unknown-command = Diesen Befehl kenne ich nicht. Schick mir ein Foto oder schau in /help.

## Einwilligung
consent =
    Bevor ich mir dein Foto ansehe, { $name }:

    • Das Gesicht wird vermessen und mit denen der Stars verglichen und in die Bilder gezeichnet, die du bekommst. Danach werden Foto und Messwerte weggeworfen; beides wird nie gespeichert.
    • Gespeichert wird, verschlüsselt: welche Stars du bekommen hast und die Telegram-IDs deiner letzten Karten, damit du sie teilen kannst, { $days ->
        [one] einen Tag
       *[other] { $days } Tage
    } lang; wie oft du jeden Star gefunden hast, ein Jahr lang; deine Telegram-ID, dein Name, deine Sprache und deine Einstellungen. /delete löscht alles auf einmal.
    • Es ist ein Spiel für Erwachsene, und bei Kindergesichtern liegt es oft daneben. Es identifiziert niemanden.
    • Schick nur Fotos von dir oder von Leuten, die einverstanden sind.

    Ist das okay für dich?
consent-changed = Du hast schon einmal zugestimmt. Seitdem speichere ich etwas mehr, deshalb frage ich noch einmal.
consent-again = Auch dieses wartet, bis du die Frage oben beantwortest. Soll ich sie mir ansehen?
consent-question =
    Kurz gesagt: Ich sehe mir das Foto etwa eine Sekunde lang an, vergleiche das Gesicht mit den Stars und werfe beides weg. Niemand sieht es, und es wird nie gespeichert. Welche Stars du bekommen hast, merke ich mir { $days ->
        [one] einen Tag
       *[other] { $days } Tage
    } lang; /delete löscht alles. Mehr: /privacy.

    Soll ich es mir ansehen?
not-yours = Dieser Knopf gehört jemand anderem. Schick mir ein Foto von dir, dann bekommst du deinen eigenen.
consent-yes = Ja, finde meinen Star
consent-no = Nein, danke
consent-thanks = Danke! Ich suche deinen Star… ✨
consent-refused = Alles klar: Ich habe mir dein Foto nicht angesehen und es schon vergessen. Falls du es dir anders überlegst, schick einfach wieder eins.
consent-withdrawn = Alles klar: Ich sehe mir keine Fotos mehr von dir an. Was gespeichert ist, löscht /delete.
consent-given = Danke! Jetzt schick mir ein Foto. 📸
consent-stale = Du hast schon zugestimmt. Schick mir ein Foto. 📸

## Antworten
tier-twin = { $variant ->
    [0] So ähnlich, dass man zweimal hinschaut.
    [1] Zwei Fremde sehen sich selten so ähnlich.
    [2] Wow, fast nicht zu unterscheiden!
    [3] Von der anderen Straßenseite aus leicht zu verwechseln.
    [4] Eine Ähnlichkeit mit Seltenheitswert.
    [5] Gut möglich, dass man dich bald bei diesem Namen ruft.
    [6] Falls mal ein Double gesucht wird: gefunden.
    [7] Das nenne ich Ähnlichkeit!
    [8] Nur wenige kommen ihrem Star so nah.
   *[other] Diese zwei Gesichter haben wahnsinnig viel gemeinsam.
    }
tier-strong = { $variant ->
    [0] Verblüffend ähnlich!
    [1] Das sieht man auf den ersten Blick.
    [2] Mehr als ein Hauch: klar zu erkennen.
    [3] Irgendwann spricht dich jemand darauf an.
    [4] Ein guter Treffer, weit über dem Schnitt.
    [5] Ihr könntet glatt verwandt sein.
    [6] Von diesem Gesicht steckt viel in deinem.
    [7] Mit Sonnenbrille kämen manche ins Grübeln.
    [8] Davon darfst du ruhig erzählen.
   *[other] Ihr würdet euch nebeneinander gut machen.
    }
tier-some = { $variant ->
    [0] Ein bisschen was habt ihr gemeinsam.
    [1] Ein Hauch davon, und zwar ein schöner.
    [2] Im richtigen Licht: ja.
    [3] Ein paar Züge reimen sich.
    [4] An guten Tagen wie aus einer Familie.
    [5] Kein Double, aber irgendwas ist da.
    [6] Die Ähnlichkeit versteckt sich, aber es gibt sie.
    [7] Halbe Ähnlichkeit, dafür ein ganz eigenes Gesicht.
    [8] Eine Prise Sternenstaub.
   *[other] Schau zweimal hin, dann siehst du es.
    }
tier-faint = { $variant ->
    [0] Nur ein Hauch von Ähnlichkeit, aber näher kommt niemand.
    [1] Am meisten siehst du dir selbst ähnlich.
    [2] Ein seltenes Gesicht: Selbst der nächste Star ist weit weg.
    [3] Was den Stars noch fehlt, bist du.
    [4] Kaum jemand sieht aus wie du, und das ist ein Kompliment.
    [5] Ein Original! Dieser Star kommt nur am nächsten ran.
    [6] Kein Double gefunden; das hier ist dein nächster Nachbar am Himmel.
    [7] Ein Gesicht mit Charakter. Wenn schon ein Star, dann dieser.
    [8] Nur ein bisschen ähnlich: Gesichter wie deins hat die Galerie kaum.
   *[other] Einzigartig, mit einem kleinen Gruß an diesen Star.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = Du siehst deinem Star ähnlicher als { $percent } der Leute ihrem.
answer-place = Platz { $place } der { $count } Stars, die dir am ähnlichsten sehen.
among = Unter { $who }:
among-born = Unter { $who }, geboren { $years }:
among-any = Stars
among-male = Männern
among-female = Frauen
from-africa = aus Afrika
from-asia = aus Asien
from-east-asia = aus Ostasien
from-south-asia = aus Südasien
from-middle-east = aus dem Nahen Osten
from-europe = aus Europa
from-north-america = aus Nordamerika
from-latin-america = aus Lateinamerika
from-oceania = aus Ozeanien
answer-group = 👥 Auf dem Bild, von links nach rechts:
answer-other = { $star } – { $percent }
answer-more-people = …und { $count } weitere
note = , { $note }
doubt-dark = 🌙 Das Foto ist dunkel, deshalb bin ich mir weniger sicher. Bei gutem Licht kommt vielleicht ein anderer Star heraus.
doubt-blurred = 🌫 Das Gesicht ist unscharf, deshalb bin ich mir weniger sicher. Auf einem schärferen Foto kommt vielleicht ein anderer Star heraus.
doubt-covered = 😷 Ein Teil des Gesichts ist verdeckt, deshalb bin ich mir weniger sicher. Wenn man alles sieht, kommt vielleicht ein anderer Star heraus.
doubt-turned = ↪️ Das Gesicht ist zur Seite gedreht, deshalb bin ich mir weniger sicher. Von vorn kommt vielleicht ein anderer Star heraus.
card-you = Du
card-question = Und du? Wem siehst du ähnlich?
card-from-photos = aus { $photos } Fotos
card-credit = Foto: { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, Ausschnitt
card-license = { $credit } · Karte: { $license }
credit-source = Quelle
credit = 📷 { $author }{ $license }
button-next = Nächster Star ▶
button-previous = ◀ Zurück
button-filters = Region und Epoche
button-back = ◀ Zurück zu meinem Star
chosen = ✓ { $what }
where-male = Männer
where-female = Frauen
where-any = Alle
where-nobody = Da ist niemand übrig, mit dem ich dich vergleichen kann. Versuch eine größere Auswahl.
region-any = Die ganze Welt
region-africa = Afrika
region-asia = Asien
region-east-asia = Ostasien
region-south-asia = Südasien
region-middle-east = Naher Osten
region-europe = Europa
region-north-america = Nordamerika
region-latin-america = Lateinamerika
region-oceania = Ozeanien
era-any = Jeder Jahrgang
era-until = bis { $last }
era-from = ab { $first }
settings = Ich suche deinen Star so: { $among }. Willst du das ändern?
settings-anybody = unter allen Stars
photo-gone = Dieses Foto sehe ich nicht mehr; vielleicht wurde es gelöscht. Schick es noch einmal, dann geht es weiter. 📸
button-about = Wer ist { $star }?
button-share = Weitererzählen
share-text = Ich sehe aus wie { $star }: { $percent }! Und du?
more = Nach { $star } ({ $percent }) siehst du diesen Stars am ähnlichsten:
more-line = { $rank }. { $star } – { $percent }
more-none = Zu diesem Foto gibt es nichts mehr zu zeigen. Schick mir ein neues. 📸

## Sammeln
mine = ⭐ Deine Stars: { $count } von { $people }.
mine-rarest =
    💎 Am seltensten: { $star }, { $people ->
        [one] außer dir bei niemandem
       *[other] bei { $people } Leuten
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count ->
        [one] einmal
       *[other] { $count }-mal
    }
mine-unmet =
    🔭 { $count ->
        [one] Einen Star hat
       *[other] { $count } Stars hat
    } noch niemand bekommen. Wen wohl? /top
mine-none = Du hast noch keine Stars. Schick mir ein Foto von deinem Gesicht und hol dir den ersten von { $people }. 📸
ago =
    { $days ->
        [0] heute
        [one] gestern
       *[other] vor { $days } Tagen
    }
top = 🔥 Die häufigsten Stars dieser Woche:
top-line =
    { $rank }. { $star } – { $people ->
        [one] eine Person
       *[other] { $people } Personen
    }
top-none = Diese Woche hat noch niemand einen Star bekommen. Schick mir ein Foto von deinem Gesicht und mach den Anfang. 📸
top-unmet =
    🔭 { $count ->
        [one] Einen Star hat
       *[other] { $count } Stars hat
    } noch niemand bekommen. Zum Beispiel:
inline-mine-too = Und wem sehe ich ähnlich? 📸
inline-how-alike = Wie ähnlich sind wir uns? 📸
inline-find-mine = 📸 Meinen Star finden
inline-star = { $star }{ $note }
friend-star =
    👋 Hi { $name }! Bei { $friend } kam { $star } heraus: { $percent }.
    Und wem siehst du ähnlich? Schick mir ein Foto von deinem Gesicht. 📸
friend-link-over = Hi { $name }! Was dieser Link erzählt hat, wird nicht mehr erzählt. Aber ich kann dir sagen, wem du ähnlich siehst: Schick mir ein Foto von deinem Gesicht. 📸
friend-link-own = Das ist dein eigener Link. Schick ihn weiter: Er verrät, welchen Star du bekommen hast.
button-morph = 🎬 In den Star verwandeln
button-strip = 🖼 In fünf Bildern
morph = Du wirst zu { $star }: { $percent } 🎬
morph-license = Auch dieses Bild darf unter { $license } weitergegeben werden.
morph-none = Aus diesem Foto geht das nicht: Ich brauche ein Gesicht von vorn und ein Foto des Stars, das man verändern darf.
button-story = 📱 Für die Story
button-square = ◻️ Quadrat
button-avatar = 🎨 Ich als Zeichnung
avatar = Du als Zeichnung 🎨
avatar-none = Dieses Foto kann ich nicht zeichnen: Ich brauche ein Gesicht, das groß genug und gut zu sehen ist.
avatar-comic = 💥 Comic
avatar-ink = 🖋 Tusche
avatar-poster = 🌆 Plakat
avatar-sticker = Als Sticker
avatar-round = ⭕ Rund
avatar-ask = 🎨 Schick mir ein Foto, auf dem dein Gesicht groß und gut zu sehen ist, und ich zeichne dich: als Comic, in Tusche oder als Plakat.
avatar-own = Ich zeichne nur, wer das Foto selbst geschickt hat. Antworte mit /avatar auf ein eigenes Foto, oder schick mir eins im privaten Chat. 🎨
button-challenge = ⚔️ Jemanden herausfordern
challenge-made =
    ⚔️ Schick diesen Link an jemanden, den du kennst:
    { $link }
    Sobald ich von dort ein Foto des Gesichts bekomme, erhaltet ihr beide eine Karte: eure zwei Gesichter und wie ähnlich ihr euch seid. Der Link gilt sieben Tage. Dein Foto bleibt bei Telegram; ich merke mir nur, wo es liegt.
challenge-send = Jemanden auswählen
challenge-share = Wie ähnlich sind wir zwei uns? ⚔️
challenge-take-back = Zurücknehmen
challenge-asked =
    ⚔️ { $friend } will wissen, wie ähnlich ihr zwei euch seid!
    Schick mir ein Foto von deinem Gesicht, dann bekommt ihr beide eine Karte mit euren zwei Gesichtern und einem Prozentwert. Ihr könnt sie jederzeit zurücknehmen.
challenge-no = Nein, danke
challenge-again = { $reason }
    Schick mir ein anderes, dann vergleiche ich euch. ⚔️
challenge-own = Das ist deine eigene Herausforderung. Schick den Link weiter. ⚔️
challenge-over = Diese Herausforderung ist vorbei oder wurde zurückgenommen.
duel-please-delete = Eure gemeinsame Karte wurde zurückgenommen. Ich kann sie hier nicht mehr löschen: Mach du das bitte. Danke!
challenge-declined = Alles klar, kein Vergleich. Falls du es dir anders überlegst, öffne den Link noch einmal.
challenge-taken-back = Zurückgenommen: Der Link geht nicht mehr.
duel-result =
    ⚔️ Ihr zwei, { $one } und { $other }: { $percent }
    { $tier }
    Ihr seht euch ähnlicher als { $percent } aller Paare von Fremden. Ein Spiel: Über Verwandtschaft sagt es nichts.
duel-taken-back = Zurückgenommen: Die Karte ist in beiden Chats gelöscht.
tell-friends = 🔗 Mein Link darf meinen Star verraten
tell-friends-stop = 🔗 Mein Link verrät meinen Star ✓

## Alben
album-pooled = 🖼 Aus { $photos } Fotos, zusammen betrachtet.
album-one = 🖼 Nach diesem einen Foto aus dem Album.
album-left-out = { $photos ->
    [one] Auf einem weiteren war kein brauchbares Gesicht.
   *[other] Auf { $photos } weiteren war kein brauchbares Gesicht.
}
album-each = Ich habe mir jedes dieser Fotos angesehen:
album-line = { $number }. { $answer }

## Ein Star
command-star = die Seite eines Stars, nach Namen
star-ask = Wessen Seite möchtest du sehen? Schreib den Namen eines Stars.
star-which = Wen meinst du?
star-unknown = Unter diesem Namen kenne ich niemanden. Versuch eine andere Schreibweise oder einen anderen Star.
star-gone = Dieser Star ist nicht mehr in meiner Galerie. Versuch einen anderen: /star
star-kin = Die ähnlichsten Stars (Abstand, Kosinus):
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = { $count ->
        [one] Eine Person hat
       *[other] { $count } Personen haben
    } hier diesen Star bekommen.
button-duel = Wie ähnlich sind wir uns?
duel-ask = Wie ähnlich seid ihr euch, du und { $star }? Schick mir ein Foto von deinem Gesicht, dann sage ich es dir. 📸
duel =
    { $percent } { $star }
    { $tier }
    Du siehst { $star } ähnlicher, als { $percent } der Leute es tun.
duel-twin = Wenn dich das nächste Mal jemand um ein Autogramm bittet: lächeln und unterschreiben.
duel-strong = Ja, ich sehe es. Und sicher nicht nur ich.
duel-some = Ein kleines bisschen was ist da.
duel-faint = Nicht sehr ähnlich: Dich gibt es eben nur einmal.
duel-doubt = Das Foto ist nicht ganz klar, deshalb bin ich mir weniger sicher. Auf einem anderen ist der Prozentwert vielleicht ein anderer.
duel-share-text = { $star } und ich: { $percent } ähnlich! Und du?
role-actor = Film
role-athlete = Sport
role-singer = Musik
role-footballer = Fußball
role-rapper = Rap
role-coach = Training
role-tennis-player = Tennis
role-model = Mode
role-presenter = Fernsehen
role-director = Regie
role-dancer = Tanz
role-basketball-player = Basketball
role-comedian = Comedy
role-racing-driver = Motorsport
role-politician = Politik
role-royalty = Königshaus
role-writer = Bücher
role-musician = Musik
role-businessperson = Wirtschaft
role-youtuber = YouTube

## Gruppen
group-welcome = Hi zusammen! 👋 Antworte auf dein eigenes Foto mit /lookalike, oder schick eins und erwähne { $bot } in der Bildunterschrift, dann sage ich, wem du ähnlich siehst. Bei Fotos von anderen frage ich die erst. Sonst bin ich still.
group-no-pictures = Ich darf hier keine Bilder schicken, also antworte ich nur mit Worten. Ein Admin kann das ändern.
group-next-photo = Schick ein Foto von deinem Gesicht als Antwort auf diese Nachricht, dann sage ich, wem du ähnlich siehst. 📸
command-lookalike = wem sehe ich ähnlich? (in Gruppen)
permission-star = { $name } fragt: Wem siehst du ähnlich? Darf ich mir dieses Foto ansehen? Einmal; nichts davon wird gespeichert.
permission-pair = { $name } fragt: Wie ähnlich seht ihr zwei euch? Darf ich mir dieses Foto ansehen? Einmal; nichts davon wird gespeichert.
permission-yes = Ja, mach
permission-no = Nein, danke
permission-thanks = Danke! Ich schaue… ✨
permission-refused = Alles klar: Ich habe mir dieses Foto nicht angesehen.
permission-old = Diese Frage ist zu alt. Frag bitte noch einmal.
elsewhere-photo = Antworte auf ein Foto von dir mit { $bot }, oder schreib { $bot } in die Bildunterschrift, dann sage ich, wem du ähnlich siehst. 📸
elsewhere-consent = Bevor ich mir ein Foto ansehe, brauche ich dein Okay, einmal und in unserem eigenen Chat: Öffne { $bot } und schick mir dort ein Foto. Danach geht es auch hier.

## Zwei Menschen vergleichen
command-compare = wie ähnlich sind sich zwei Menschen?
command-avatar = dein Foto als Zeichnung
compare-ask = 👥 Schick mir zwei Fotos, nacheinander oder zusammen, und ich sage dir, wie ähnlich sich die beiden sind. Bitte nur, wenn alle darauf einverstanden sind.
compare-second = Hab ich. Jetzt das Foto der zweiten Person. 👥
compared =
    👥 { $percent }
    { $tier }
    Die beiden sehen sich ähnlicher als { $percent } aller Paare von Fremden. Ein Spiel: Über Verwandtschaft sagt es nichts.
pair-twin = Könnten Zwillinge sein, oder ein und dieselbe Person!
pair-strong = Verblüffend ähnlich: glatt wie eine Familie.
pair-some = Irgendwas haben die beiden gemeinsam.
pair-faint = Zwei ganz verschiedene Gesichter, jedes einzigartig.
compare-refused-first = Zum ersten Foto: { $reason }
    Schick mir ein anderes zum Vergleich mit dem zweiten.
compare-refused-second = Zum zweiten Foto: { $reason }
compare-gone = Dieses Foto ist nicht mehr da. Schick es mir noch einmal. 📸
compare-first-name = Erstes Foto
compare-second-name = Zweites Foto
compare-left-name = Links
compare-right-name = Rechts
button-compare = 👥 Wie ähnlich sind die zwei?
button-cards = 🖼 Eine Karte für alle

## Menü und Plaudern
command-random = irgendein Star
menu-find = 📸 Finde meinen Star
menu-random = 🎲 Zufallsstar
menu-mine = ⭐ Meine Stars
menu-how = 💬 Wie geht’s?
menu-great = 😊 Super!
menu-soso = 😐 Geht so
menu-number = 🎲 Noch eine
menu-find-answer = Sehr gern! Schick mir ein Foto von deinem Gesicht, und ich finde deinen Star. 📸
star-near = Ich bin nicht sicher, wen du meinst. Ist hier jemand dabei?
lost-menu = Das habe ich leider nicht verstanden. Das hier kann ich gut:
lost-stars = Gesichter liegen mir mehr als Worte. Wollen wir uns eins davon ansehen?
talk-thanks = Gern! 💛
talk-who = Ich bin ein Bot, der viele berühmte Gesichter kennt. Schick mir deins, und ich sage dir, welchem Star du ähnlich siehst.
talk-how = Wunderbar, danke: den ganzen Tag nur Stars. Und dir?
talk-great = Freut mich! Der perfekte Moment für ein Selfie. 📸
talk-soso = Dann heitern wir dich auf: mit einem Star vielleicht?
talk-number = Deine Zahl ist { $number }.
talk-bye = Bis bald! Die Stars und ich sind hier. 👋
talk-compliment = Danke, ich werde rot. 😊 Du bist aber auch nicht ohne.
talk-insult = Ich muss noch viel lernen. Versuchen wir es mit einem Foto: Das kann ich am besten.
talk-love = Das ist lieb. ❤️ Ich bin nur ein Bot, aber mein Tag ist gerettet.
talk-joke = { $variant ->
        [0] Warum sind Stars nie einsam? Sie treten immer als Sternbild auf.
        [1] Mein Lieblingssport? Gesichtserkennung. Immer der Nase nach.
       *[other] Ein Spiegel und ich haben denselben Job. Aber nur einer von uns kennt Angelina Jolie.
    }
talk-age = Jung genug für Neugier, alt genug für Schwarz-Weiß-Filme.
talk-can =
    • Schick ein Foto: Ich sage dir, welchem Star du ähnlich siehst.
    • Schreib den Namen eines Stars: Ich zeige dir, wer das ist und wer so ähnlich aussieht.
    • /star und der Knopf darunter: wie ähnlich ihr zwei euch seht.

    Alles andere: /help
talk-from = Aus einem Computer, der nie schläft. Den ganzen Tag kommen berühmte Gesichter vorbei.
talk-real = Ich bin ein Bot: kein Herz, aber den Kopf voller Gesichter.
talk-laugh = { $variant ->
        [0] 😄 Ich mag es, wenn jemand lacht.
        [1] 😂 Lachen macht jedes Selfie besser.
       *[other] 😁 Behalt dieses Lächeln und schick mir ein Foto!
    }
talk-okay = { $variant ->
        [0] 👍 Wann immer du magst: ein Foto oder der Name eines Stars.
        [1] 👌 Ich bin da. Schick ein Foto oder schreib den Namen eines Stars.
       *[other] 🙂 Gut. Suchen wir deinen Star? Ein Foto genügt.
    }
talk-sorry = Kein Problem. 💛
talk-bored = Da kann ich helfen. Wollen wir?
talk-honest = Ich messe nur, wie nah sich zwei Gesichter sind, und Licht und Winkel spielen mit. Ein anderes Foto sagt vielleicht etwas anderes.
talk-pretty = Schönheit kann ich nicht messen, und auch sonst niemand. Aber ich kann dir sagen, welchem Star du ähnlich siehst.
talk-photo = Tipp auf die Büroklammer 📎 neben dem Nachrichtenfeld, such ein Foto aus oder mach eins. Am besten klappt ein Gesicht von vorn, bei gutem Licht.

## Warum es keine Antwort gibt
no-face = Auf diesem Bild sehe ich kein Gesicht. Versuch es von vorn, von nahem, bei gutem Licht.
too-dark = Auf diesem Bild ist es zu dunkel: Ich sehe kein Gesicht. Versuch es bei gutem Licht, mit Lampe oder Fenster vor dir.
blurred = Dieses Bild ist zu unscharf: Ich sehe kein Gesicht. Halt das Handy ruhig, wisch die Linse ab und versuch es noch einmal.
face-too-small = Das Gesicht ist mir zu klein. Komm näher heran oder schick ein größeres Bild.
unreadable = Dieses Bild ist beschädigt, ich kann es nicht lesen. Schick es bitte noch einmal oder ein anderes.
too-large = Dieses Bild ist zu groß: Mehr als 20 MB und 40 Megapixel schaffe ich nicht. Schick es als Foto, dann verkleinert Telegram es.
not-a-picture = Diese Datei ist kein Bild, das ich lesen kann. JPEG, PNG, HEIC, WebP, AVIF und GIF gehen.
failed = Tut mir leid, da ist etwas schiefgegangen. Versuch es bitte noch einmal.
waiting =
    Gerade ist viel los. Dein Foto ist Nummer { $place } in der Schlange; das dauert etwa { $seconds ->
        [one] eine Sekunde
       *[other] { $seconds } Sekunden
    }. Ich antworte, du musst es nicht noch einmal schicken. ⏳

## Bewertungen: $score ist 1 bis 10, $stars Namen mit „und“ vor dem letzten
command-rate = Stars bewerten, einen nach dem anderen
command-recommend = Stars, die dir gefallen werden
button-rate = 💛 Star bewerten
button-rated = 💛 { $score } von 10 · ändern
button-unrate = Zurücknehmen
button-rate-stars = 💛 Stars bewerten
button-skip = Überspringen
button-stop = Aufhören
button-recommend = 💛 Wer wird mir gefallen?
rating-asked = 1: nicht mein Fall, 10: ein Liebling. Ich merke es mir ein Jahr, verschlüsselt, um Stars zu empfehlen; /delete löscht es.
rating-kept = { $star }: { $score } von 10. Du kannst es ändern oder zurücknehmen.
rating-gone = { $star }: Deine Bewertung ist gelöscht.
rate-how = Wie sehr magst du { $star }? 1: nicht mein Fall, 10: ein Liebling.
rate-count = Schon bewertet: { $count }
rate-notice = Ich merke mir deine Bewertungen ein Jahr, verschlüsselt, um dir und anderen Stars zu empfehlen. /delete löscht sie.
rate-done =
    { $count ->
        [one] Du hast einen Star bewertet.
       *[other] Du hast { $count } Stars bewertet.
    }
rate-all = Du hast alle Stars bewertet, die ich kenne. ⭐
recommend = 💛 Ich glaube, die gefallen dir:
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , weil du { $stars } magst
recommend-face = , mit einem Gesicht wie { $stars }
recommend-known = , besonders bekannt
recommend-early = Bisher gibt es wenige Bewertungen. Bis es mehr sind, gehe ich nach Gesichtern und Bekanntheit.
recommend-missing =
    Stars empfehlen kann ich ab fünf Bewertungen von dir: { $count ->
        [one] noch eine, bitte.
       *[other] noch { $count }, bitte.
    }
names-and = { $names } und { $name }
star-also = 💛 Fans mögen auch: { $stars }
privacy-ratings = ⭐ Wenn du Stars bewertest, speichere ich auch das, verschlüsselt, ein Jahr lang. Es hilft mir, dir und anderen Stars zu empfehlen; niemand sonst erfährt, von wem die Bewertung kam.
stats-ratings = Gespeicherte Bewertungen: { $ratings }

## Datenschutz
privacy =
    Was hier passiert, in einfachen Worten:

    📷 Dein Foto liegt im Arbeitsspeicher, während ich antworte, etwa eine Sekunde, und wird nirgends gespeichert. Für die Messwerte deines Gesichts gilt dasselbe. Niemand sieht es sich an, und kein Modell lernt daraus.

    🗂 Ich speichere deine Telegram-ID, deinen Namen, deine Sprache und deine Einstellungen, wann du zum ersten und zum letzten Mal geschrieben hast, wann du zugestimmt hast, welche Stars du bekommen hast und die Telegram-IDs deiner letzten Karten, damit du sie teilen kannst. Dieser Verlauf wird nach { $days ->
        [one] einem Tag
       *[other] { $days } Tagen
    } gelöscht; wie oft du jeden Star gefunden hast, ein Jahr nach dem letzten Mal. Auf meiner Platte ist alles verschlüsselt{ $log ->
        [readable] ; wer mich betreibt, hat eine Kopie in einer eigenen Datenbank und kann sie dort lesen.
        [sealed] ; wer mich betreibt, hat eine Kopie in einer eigenen Datenbank, ebenfalls verschlüsselt.
       *[none] .
    }

    🙋 /export schickt dir alles, was ich über dich gespeichert habe. /delete löscht alles auf einmal.

    ⚖️ Es ist ein Spiel für Erwachsene, und bei Kindergesichtern liegt es oft daneben. Es identifiziert niemanden und ist nicht dafür da, herauszufinden, wer jemand ist. Schick nur Fotos von dir oder von Leuten, die einverstanden sind.
privacy-pictures = 🎨 Die Karte und, wenn du darum bittest, eine Verwandlung oder Zeichnung entstehen aus deinem Foto. Keins dieser Bilder speichere ich.
privacy-more = ⚔️ Eine Herausforderung merkt sich höchstens sieben Tage lang, wo Telegram dein Foto hat, nicht das Foto selbst. Wer gesperrt ist: Die ID bleibt, auch nach /delete.
privacy-operator = 🧑‍💻 Diesen Bot betreibt { $operator }.
deleted = Fertig: Alles über dich ist gelöscht, deine Einwilligung auch. Wenn du wieder schreibst, fangen wir von vorn an. 👋
deleted-banned = Fertig: Alles über dich ist gelöscht, deine Einwilligung auch. Nur deine ID bleibt auf der Liste derer, denen ich nicht antworte.
banned = Ich antworte dir nicht mehr: So hat es entschieden, wer mich betreibt. /export und /delete gehen weiterhin.
deleted-nothing = Über dich ist hier nichts gespeichert.
private-only = Frag mich das im privaten Chat: Das geht eine Gruppe nichts an.
export-wait = Das habe ich dir gerade erst geschickt. Frag in einer Minute noch einmal.
export-caption = Alles, was über dich gespeichert ist.

## Sprache
language = Welche Sprache soll ich sprechen?
language-auto = Wie in meinem Telegram
language-chosen = Ich spreche jetzt Deutsch.

## Für alle, die den Bot betreiben
stats =
    Personen: { $people }, davon zugestimmt: { $consented }, Bot blockiert: { $blocked }
    Gespeicherte Antworten: { $answers }, davon mit Star: { $matches }
    Fotos, die auf Einwilligung warten: { $held }
    Noch unbeantwortete Updates: { $waiting }; aufgegeben: { $dead }
    Zeilen auf dem Weg zu MongoDB: { $outbox }
    Stars in der Galerie: { $stars }
    Verlorene Gesichtsprozesse: { $deaths }
chart-people = Neue Leute
chart-answers = Antworten
chart-matches = Mit Star
chart-refusals = Ohne Star
chart-languages = Sprachen
ban-usage = Hinter { $command } gehört eine Telegram-ID, oder eine Nachricht der Person: Leite sie an mich weiter und antworte darauf mit { $command }.
ban-admin = Nein: Das wäre ich oder jemand, der mich betreibt.
ban-done = { $user } ist gesperrt und bekommt keine Antwort mehr. /unban nimmt es zurück.
ban-before = { $user } ist schon gesperrt.
unban-done = { $user } bekommt wieder Antworten.
unban-nobody = { $user } war nicht gesperrt.
reload-done = Der Index auf der Platte ist in Betrieb: { $people ->
        [one] ein Star
       *[other] { $people } Stars
    }.
reload-refused = Der Index auf der Platte wurde abgelehnt, der vorige bleibt in Betrieb: { $why }
news-on = 🔔 Nachrichten an alle bekommst du.
news-off = 🔕 Nachrichten an alle bekommst du nicht.
news-stop = 🔕 Keine mehr davon
news-again = 🔔 Wieder zuschicken
broadcast-usage = Schreib, was alle lesen sollen: /broadcast TEXT. Oder antworte auf eine Nachricht mit /broadcast, dann bekommen alle eine Kopie, mit Bildern und Formatierung.
broadcast-cannot = Diese Nachricht lässt sich nicht kopieren. Versuch eine andere.
broadcast-draft = Das { $people ->
        [one] bekommt eine Person
       *[other] bekommen { $people } Personen
    }. Abschicken?
broadcast-running = Unterwegs: { $sent } von { $all } verschickt. Haben mich blockiert: { $blocked }, fehlgeschlagen: { $failed }.
broadcast-paused = Pause: { $sent } von { $all } verschickt. Haben mich blockiert: { $blocked }, fehlgeschlagen: { $failed }.
broadcast-done = Fertig: { $sent } von { $all } verschickt. Haben mich blockiert: { $blocked }, fehlgeschlagen: { $failed }.
broadcast-cancelled = Abgebrochen: { $sent } von { $all } verschickt. Haben mich blockiert: { $blocked }, fehlgeschlagen: { $failed }.
broadcast-declined = Wollten sie nicht: { $count }.
broadcast-button-send = Senden
broadcast-button-pause = Pause
broadcast-button-resume = Weiter
broadcast-button-cancel = Abbrechen

## Meldungen
button-report = Hier stimmt was nicht
report-ask = Was stimmt nicht? { $star }
report-unkind = Das ist verletzend
report-photo = Das Foto zeigt jemand anderen
report-unlike = Keine Ähnlichkeit
report-none = Nichts, alles gut
report-thanks = Danke. Ich habe es weitergegeben.
report-closed = Alles klar, nichts gemeldet.
report =
    { $star } ({ $item }): { $reason }
    Foto: { $photo }
    { $count ->
        [one] Einmal
       *[other] { $count }-mal
    } gemeldet, zuletzt am { $day }
reports-none = Es gibt keine Meldungen.
hide-star = Diesen Star verbergen
hide-photo = Dieses Foto verbergen
hide-none = So lassen
hide-undo = Wieder zeigen
hide-undo-of = Wieder zeigen: { $star }
hide-done-star = { $star } ist ab jetzt überall verborgen.
hide-done-photo = Dieses Foto von { $star } ist ab jetzt überall verborgen.
hide-undone = Wieder zu sehen.
hide-left = Bei { $star } bleibt alles, wie es war.
hide-gone = Dieser Star ist schon verborgen oder nicht mehr in der Galerie.
hide-who = Wen soll ich verbergen?
hide-nobody = Unter diesem Namen kenne ich niemanden.
hide-usage = /hide NAME verbirgt einen Star. Zurzeit verborgen: { $count }.

## Die Webseite. $percent „87%“; bei einem Problem ist der erste Satz die Überschrift
page-headline = Wem siehst du ähnlich?
page-lead = Ein Foto, und du siehst, welchen Stars dein Gesicht am ähnlichsten ist.
page-language = Sprache
page-no-script = Diese Seite braucht JavaScript.
page-choose = Foto auswählen
page-choose-other = Anderes Foto auswählen
page-selfie = Selfie machen
page-retry = Noch einmal versuchen
page-cancel = Abbrechen
page-hint = oder hierher ziehen, oder einfügen
page-privacy = Dein Foto wird auf diesem Server verglichen, auf Wunsch zu einem Bild gemacht und sofort weggeworfen; nichts wird gespeichert. Schick nur Fotos von dir oder von Leuten, die einverstanden sind.
page-foot = Ein Spiel, nur zum Spaß: Ähnlichkeit sagt nichts darüber, wer jemand ist.
page-comparing = Ich vergleiche… Das dauert ein, zwei Sekunden.
page-most-like = Am ähnlichsten siehst du
page-face = Gesicht { $face } von { $faces }
page-face-like = Gesicht { $face } von { $faces } ist am ähnlichsten:
page-meaning = Ähnlicher, als { $percent } der Leute ihrem nächsten Star sind.
page-others = Und ein bisschen auch
page-your-face = Dein Gesicht
page-faces = Gesichter auf diesem Foto
page-photo-by = Foto:
page-again = Anderes Foto probieren
page-save = Speichern
page-saved = Das Bild liegt in deinen Downloads.
page-pictures = Bilder zum Weiterschicken
page-card = Karte
page-morph = Verwandlung
page-drawing = Zeichnung
page-making = Das Bild entsteht… Das dauert ein paar Sekunden.
page-share = Teilen
page-video = Video
page-strip = Fünf Bilder
page-chat = Für Chats
page-story = Story
page-square = Quadrat
page-filters = Unter wem gesucht wird
page-more = Mehr
page-region = Woher
page-born = Geboren
page-looking = Ich suche noch einmal…
page-compare-two = Zwei Menschen vergleichen
page-compare-with = Mit jemandem vergleichen
page-pair-title = Wie ähnlich sind sich zwei Menschen?
page-first = Erste Person
page-second = Zweite Person
page-pair-hint = Wähl von beiden je ein Foto aus.
page-pair-meaning = Ähnlicher als { $percent } aller Paare von Fremden.
page-pair-truth = Zwei Fotos derselben Person bekommen fast immer 99%. Es ist ein Spiel: Es beweist weder, dass zwei Fotos dieselbe Person zeigen, noch, dass zwei Menschen verwandt sind.
page-in-first = Erstes Foto: { $reason }
page-in-second = Zweites Foto: { $reason }
page-back = Zurück
page-find = Star nach Namen suchen
page-find-nobody = So heißt hier kein Star.
page-kin = Ähnliche Gesichter
page-liked = Wer diesen Star mag, mag auch
page-too-large = Dieses Foto ist zu groß. Erlaubt sind bis zu 20 MB und 40 Megapixel.
page-nobody = So jemanden gibt es in der Galerie nicht. Wähl etwas anderes.
page-busy = Gerade ist viel los. Dein Foto wurde nicht gespeichert. Versuch es in ein paar Sekunden noch einmal.
page-often = Das waren viele Fotos in kurzer Zeit. Warte eine Minute und versuch es dann noch einmal.
page-often-pictures = Das waren viele Bilder in kurzer Zeit. Warte eine Minute und versuch es dann noch einmal.
page-card-none = Die Karte hat nicht geklappt. Versuch es noch einmal oder nimm ein anderes Foto.
page-offline = Der Server ist nicht erreichbar. Prüf deine Verbindung und versuch es noch einmal.
page-slow = Das hat zu lange gedauert. Vielleicht ist deine Verbindung langsam. Versuch es noch einmal oder schick ein kleineres Foto.
page-broken = Auf dem Server ist etwas schiefgegangen. An deinem Foto liegt es nicht. Versuch es gleich noch einmal.
