# Français. Arguments : $name prénom, $star nom de la célébrité, $note qui c’est, $percent « 87% ».

## Les commandes, telles que le menu de Telegram les montre
command-start = ce que fait ce bot
command-help = comment obtenir un bon résultat
command-privacy = ce que devient ta photo
command-delete = effacer tout ce qui me concerne
command-export = recevoir tout ce qui est gardé sur moi
command-mine = les stars que j’ai obtenues
command-top = les stars les plus croisées cette semaine
command-settings = parmi qui je cherche ta star
command-language = choisir la langue

## Ce qu’on voit du bot avant d’écrire : nom (64 lettres), description (512), description courte (120)
profile-name = À quelle star je ressemble ?
profile-description =
    Envoie-moi un selfie et je te dis à quelle célébrité tu ressembles, et à quel point. Avec une image à partager. ✨

    🙋 Un visage, toute une bande, toi et quelqu’un d’autre.
    🔒 Je regarde ta photo une seule fois, puis je la jette. Rien de ton visage n’est jamais conservé.
    🎭 C’est un jeu pour adultes, et il n’identifie personne.
profile-short-description = Un selfie, et tu découvres à quelle star tu ressembles. Juste pour rire : aucune photo n’est gardée. 📸

## Bonjour et aide
start =
    Salut { $name } ! Envoie-moi un selfie et je te dis à quelle célébrité tu ressembles, et à quel point.

    { $people ->
        [one] { $people } star a
        [many] { $people } de stars ont
       *[other] { $people } stars ont
    } hâte de te rencontrer. 📸
friend = toi
hello = Salut { $name } ! Envoie-moi une photo de ton visage et je trouve ta star. 📸
help =
    Envoie une photo, et je réponds avec ta star et un pourcentage.

    • Le mieux : un seul visage, de face, avec une bonne lumière.
    • Plusieurs personnes sur la photo ? Chacune a sa star.
    • Les albums marchent aussi, tout comme les images envoyées en fichier (JPEG, PNG, HEIC, WebP, AVIF, GIF). Des vidéos, GIF et stickers, je regarde une image.

    Le pourcentage : à 87%, tu ressembles plus à ta star que 87% des gens à la leur.

    C’est un jeu pour adultes : sur les visages d’enfants, je me trompe souvent. Il n’identifie personne.

    { $commands }
send-photo = Envoie-moi une photo où l’on voit un visage, et je trouve ta star. Plus de détails : /help
only-pictures = Je ne sais regarder que des images. Envoie-la comme photo, ou en fichier JPEG, PNG, HEIC, WebP, AVIF ou GIF.
old-button = Ce bouton date d’une autre époque, je ne sais plus quoi en faire. Envoie-moi une photo. 📸
unknown-command = Je ne connais pas cette commande. Envoie-moi une photo, ou regarde /help.

## Accord
consent =
    Avant que je regarde ta photo, { $name } :

    • Le visage est mesuré et comparé à ceux des stars, et dessiné dans les images que tu reçois. Ensuite, la photo et les mesures sont jetées ; ni l’une ni les autres ne sont jamais conservées.
    • Ce qui est gardé, chiffré : les stars que tu as obtenues et les identifiants Telegram de tes dernières cartes, pour que tu puisses les partager, pendant { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    } ; combien de fois tu as obtenu chaque star, pendant un an ; ton id Telegram, ton nom, ta langue et tes réglages. /delete efface tout d’un coup.
    • C’est un jeu pour adultes, et il se trompe souvent sur les visages d’enfants. Il n’identifie personne.
    • N’envoie que des photos de toi, ou de personnes qui sont d’accord.

    Ça te va ?
consent-changed = Tu avais déjà dit oui. Depuis, je garde un peu plus de choses, alors je te le redemande.
consent-again = Celle-ci attend aussi, jusqu’à ta réponse à la question plus haut. Je les regarde ?
consent-question =
    En bref : je regarde la photo environ une seconde, je compare le visage à ceux des stars et je jette tout. Personne ne la voit, et elle n’est jamais conservée. Je garde les stars que tu as obtenues pendant { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    } ; /delete efface tout. En savoir plus : /privacy

    Je la regarde ?
not-yours = Ce bouton est à quelqu’un d’autre. Envoie-moi une photo de toi et tu auras le tien.
consent-yes = Oui, trouve ma star
consent-no = Non merci
consent-thanks = Merci ! Je cherche ta star… ✨
consent-refused = D’accord : je n’ai pas regardé ta photo et je l’ai oubliée. Si tu changes d’avis, renvoie-la.
consent-withdrawn = D’accord : je ne regarderai plus tes photos. Ce qui est gardé, /delete l’efface.
consent-given = Merci ! Maintenant, envoie-moi une photo. 📸
consent-stale = Tu as déjà dit oui. Envoie-moi une photo. 📸

## Réponses
tier-twin = { $variant ->
    [0] Une ressemblance à faire tourner les têtes.
    [1] Il est rare que deux inconnus se ressemblent autant.
    [2] À s’y méprendre !
    [3] De l’autre côté de la rue, difficile de vous distinguer.
    [4] Une ressemblance comme on en voit peu.
    [5] On risque de se mettre à t’appeler comme ça.
    [6] S’il faut une doublure un jour, c’est tout trouvé.
    [7] Ça, c’est de la ressemblance !
    [8] Peu de gens s’approchent autant de leur star.
   *[other] Ces deux visages ont énormément en commun.
    }
tier-strong = { $variant ->
    [0] Une ressemblance frappante !
    [1] Ça saute aux yeux.
    [2] Plus qu’un petit air : une vraie ressemblance.
    [3] Un jour, quelqu’un te le dira dans la rue.
    [4] Joli score, bien au-dessus de la moyenne.
    [5] On vous croirait de la même famille.
    [6] Il y a beaucoup de ce visage dans le tien.
    [7] Avec des lunettes de soleil, les gens pourraient hésiter.
    [8] Une ressemblance qui mérite d’être racontée.
   *[other] Vous iriez bien ensemble sur une affiche.
    }
tier-some = { $variant ->
    [0] Il y a bien quelque chose.
    [1] Un petit air, et un joli.
    [2] Sous le bon éclairage, oui.
    [3] Certains traits riment.
    [4] Les bons jours, un air de famille.
    [5] Pas un sosie, mais quelque chose quand même.
    [6] La ressemblance se cache, mais elle est là.
    [7] Une demi-ressemblance, et un visage bien à toi.
    [8] Une pincée de poussière d’étoiles.
   *[other] Regarde deux fois, et tu le verras.
    }
tier-faint = { $variant ->
    [0] Une ressemblance légère, mais personne n’est plus proche.
    [1] C’est surtout à toi que tu ressembles.
    [2] Un visage rare : même la star la plus proche est loin.
    [3] Ce qui manque aux stars, c’est toi.
    [4] Presque personne ne te ressemble, et c’est un compliment.
    [5] Un visage original ! Cette star est simplement la moins éloignée.
    [6] Aucun sosie en vue ; voici ta plus proche voisine dans le ciel.
    [7] Un visage qui a du caractère. S’il faut une star, alors celle-ci.
    [8] À peine un air : la galerie a peu de visages comme le tien.
   *[other] Un visage unique, avec un clin d’œil à cette star.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = Tu ressembles plus à ta star que { $percent } des gens à la leur.
answer-place = Numéro { $place } des { $count } stars qui te ressemblent le plus.
among = Parmi les { $who } :
among-born = Parmi les { $who } (naissance : { $years }) :
among-any = stars
among-male = hommes
among-female = femmes
from-africa = d’Afrique
from-asia = d’Asie
from-east-asia = d’Asie de l’Est
from-south-asia = d’Asie du Sud
from-middle-east = du Moyen-Orient
from-europe = d’Europe
from-north-america = d’Amérique du Nord
from-latin-america = d’Amérique latine
from-oceania = d’Océanie
answer-group = 👥 Sur la photo, de gauche à droite :
answer-other = { $star } – { $percent }
answer-more-people = …et { $count } de plus
note = , { $note }
doubt-dark = 🌙 La photo est sombre, le résultat est donc moins sûr. Avec une bonne lumière, ce sera peut-être une autre star.
doubt-blurred = 🌫 Le visage est flou, le résultat est donc moins sûr. Avec une photo nette, ce sera peut-être une autre star.
doubt-covered = 😷 Une partie du visage est cachée, le résultat est donc moins sûr. À visage découvert, ce sera peut-être une autre star.
doubt-turned = ↪️ Le visage est de côté, le résultat est donc moins sûr. De face, ce sera peut-être une autre star.
card-you = Toi
card-question = Et toi ? À qui ressembles-tu ?
card-from-photos = d’après { $photos } photos
card-credit = Photo : { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, recadrée
card-license = { $credit } · carte : { $license }
credit-source = source
credit = 📷 { $author }{ $license }
button-next = Une autre star ▶
button-previous = ◀ Retour
button-filters = Région et époque
button-back = ◀ Retour à ma star
chosen = ✓ { $what }
where-male = Hommes
where-female = Femmes
where-any = Tous
where-nobody = Il ne reste personne à qui te comparer. Essaie un choix plus large.
region-any = Le monde entier
region-africa = Afrique
region-asia = Asie
region-east-asia = Asie de l’Est
region-south-asia = Asie du Sud
region-middle-east = Moyen-Orient
region-europe = Europe
region-north-america = Amérique du Nord
region-latin-america = Amérique latine
region-oceania = Océanie
era-any = N’importe quelle année
era-until = jusqu’en { $last }
era-from = dès { $first }
settings = Je cherche ta star comme ça : { $among }. On change ?
settings-anybody = parmi toutes les stars
photo-gone = Je ne vois plus cette photo ; elle a peut-être été supprimée. Renvoie-la et on continue. 📸
button-about = Qui est { $star } ?
button-share = Le dire à quelqu’un
share-text = Je ressemble à { $star } : { $percent } ! Et toi ?
more = Après { $star } ({ $percent }), tu ressembles surtout à :
more-line = { $rank }. { $star } – { $percent }
more-none = Il n’y a plus rien à montrer pour cette photo. Envoie-m’en une autre. 📸

## Collection
mine = ⭐ Tes stars : { $count } sur { $people }.
mine-rarest =
    💎 La plus rare : { $star }, { $people ->
        [one] que personne d’autre n’a croisée
        [many] croisée par { $people } de personnes
       *[other] croisée par { $people } personnes
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count } fois
mine-unmet =
    🔭 { $count ->
        [one] { $count } star n’a encore croisé
        [many] { $count } de stars n’ont encore croisé
       *[other] { $count } stars n’ont encore croisé
    } personne. Qui donc ? /top
mine-none = Tu n’as pas encore de star. Envoie-moi une photo de ton visage et gagne la première sur { $people }. 📸
ago =
    { $days ->
        [0] aujourd’hui
        [one] hier
       *[other] il y a { $days } jours
    }
top = 🔥 Les stars les plus croisées cette semaine :
top-line =
    { $rank }. { $star } – { $people ->
        [one] { $people } personne
        [many] { $people } de personnes
       *[other] { $people } personnes
    }
top-none = Personne n’a encore croisé de star cette semaine. Envoie-moi une photo de ton visage et ouvre le bal. 📸
top-unmet =
    🔭 { $count ->
        [one] { $count } star n’a encore croisé
        [many] { $count } de stars n’ont encore croisé
       *[other] { $count } stars n’ont encore croisé
    } personne. Par exemple :
inline-mine-too = Et moi, je ressemble à qui ? 📸
inline-how-alike = On se ressemble ? 📸
inline-find-mine = 📸 Trouver ma star
inline-star = { $star }{ $note }
friend-star =
    👋 Salut { $name } ! Pour { $friend }, c’est { $star } : { $percent }.
    Et toi, à qui tu ressembles ? Envoie-moi une photo de ton visage. 📸
friend-link-over = Salut { $name } ! Ce lien ne raconte plus rien. Mais je peux te dire à qui tu ressembles : envoie-moi une photo de ton visage. 📸
friend-link-own = C’est ton propre lien. Envoie-le à quelqu’un : il lui dit quelle star tu as obtenue.
button-morph = 🎬 Me changer en star
button-strip = 🖼 En cinq images
morph = Toi qui deviens { $star } : { $percent } 🎬
morph-license = Cette image peut aussi être partagée sous { $license }.
morph-none = Avec cette photo, je n’y arrive pas : il me faut un visage de face et une photo de la star qu’on peut modifier.
button-story = 📱 Pour une story
button-square = ◻️ Carré
button-avatar = 🎨 Mon portrait dessiné
avatar = Ton portrait dessiné 🎨
avatar-none = Je ne peux pas dessiner cette photo : il me faut un visage plus grand et bien visible.
avatar-comic = 💥 BD
avatar-ink = 🖋 Encre
avatar-poster = 🌆 Affiche
avatar-sticker = En sticker
avatar-round = ⭕ Rond
avatar-ask = 🎨 Envoie-moi une photo où ton visage est grand et bien visible, et je te dessine : en BD, à l’encre ou en affiche.
avatar-own = Je ne dessine que la personne qui a envoyé la photo. Réponds par /avatar à une photo à toi, ou envoie-m’en une en privé. 🎨
button-challenge = ⚔️ Lancer un défi
challenge-made =
    ⚔️ Envoie ce lien à la personne que tu veux défier :
    { $link }
    Quand elle m’enverra une photo de son visage, je vous enverrai à vous deux une carte avec vos deux visages et votre ressemblance. Le lien marche sept jours. Ta photo reste chez Telegram ; je note seulement où elle est.
challenge-send = Choisir quelqu’un
challenge-share = On se ressemble, toi et moi ? ⚔️
challenge-take-back = Retirer
challenge-asked =
    ⚔️ { $friend } veut savoir à quel point vous vous ressemblez !
    Envoie-moi une photo de ton visage, et je vous envoie à vous deux une carte avec vos deux visages et un pourcentage. Vous pourrez la retirer quand vous voulez.
challenge-no = Non merci
challenge-again = { $reason }
    Envoie-m’en une autre, et je vous compare. ⚔️
challenge-own = C’est ton propre défi. Envoie le lien à quelqu’un d’autre. ⚔️
challenge-over = Ce défi est terminé, ou il a été retiré.
duel-please-delete = L’autre personne a retiré votre carte commune. Je ne peux plus la supprimer ici : fais-le toi-même, s’il te plaît. Merci !
challenge-declined = D’accord, pas de comparaison. Si tu changes d’avis, rouvre le lien.
challenge-taken-back = Retiré : le lien ne marche plus.
duel-result =
    ⚔️ Vous deux, { $one } et { $other } : { $percent }
    { $tier }
    Vous vous ressemblez plus que { $percent } des paires d’inconnus. C’est un jeu : il ne dit rien d’un lien de parenté.
duel-taken-back = Retirée : la carte est supprimée dans les deux chats.
tell-friends = 🔗 Mon lien peut révéler ma star
tell-friends-stop = 🔗 Mon lien révèle ma star ✓

## Albums
album-pooled = 🖼 D’après { $photos } photos, regardées ensemble.
album-one = 🖼 D’après cette seule photo de l’album.
album-left-out = { $photos ->
    [one] Sur { $photos } autre, aucun visage utilisable.
   *[other] Sur { $photos } autres, aucun visage utilisable.
}
album-each = J’ai regardé chacune de ces photos :
album-line = { $number }. { $answer }

## Une star
command-star = la page d’une star, par son nom
star-ask = Tu veux voir la page de qui ? Écris le nom d’une star.
star-which = Tu parles de qui ?
star-unknown = Je ne connais personne de ce nom. Essaie une autre orthographe, ou une autre star.
star-gone = Cette star n’est plus dans ma galerie. Essaies-en une autre : /star
star-kin = Les stars qui lui ressemblent le plus (distance, cosinus) :
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = { $count ->
        [one] { $count } personne ici a obtenu
        [many] { $count } de personnes ici ont obtenu
       *[other] { $count } personnes ici ont obtenu
    } cette star.
button-duel = On se ressemble ?
duel-ask = À quel point tu ressembles à { $star } ? Envoie-moi une photo de ton visage, et je te le dis. 📸
duel =
    { $percent } { $star }
    { $tier }
    Tu ressembles plus à { $star } que { $percent } des gens.
duel-twin = La prochaine fois qu’on te demande un autographe, souris et signe.
duel-strong = Oui, ça se voit. Et je ne dois pas être seul à le voir.
duel-some = Il y a un petit quelque chose.
duel-faint = Pas très ressemblant : des comme toi, il n’y en a qu’un exemplaire.
duel-doubt = La photo n’est pas très nette, le résultat est donc moins sûr. Une autre donnera peut-être un autre pourcentage.
duel-share-text = { $star } et moi : { $percent } de ressemblance ! Et toi ?
role-actor = cinéma
role-athlete = sport
role-singer = musique
role-footballer = football
role-rapper = rap
role-coach = coaching
role-tennis-player = tennis
role-model = mode
role-presenter = télévision
role-director = réalisation
role-dancer = danse
role-basketball-player = basket
role-comedian = humour
role-racing-driver = sport automobile
role-politician = politique
role-royalty = royauté
role-writer = littérature
role-musician = musique
role-businessperson = affaires
role-youtuber = YouTube

## Groupes
group-welcome = Salut tout le monde ! 👋 Réponds à ta propre photo avec /lookalike, ou envoie-en une en mentionnant { $bot } dans la légende, et je te dis à qui tu ressembles. Si la photo est de quelqu’un d’autre, je lui demande d’abord. Sinon, je me tais.
group-no-pictures = Je n’ai pas le droit d’envoyer d’images ici, alors je réponds en mots. Un admin peut changer ça.
group-next-photo = Envoie une photo de ton visage en réponse à ce message, et je te dis à qui tu ressembles. 📸
command-lookalike = à qui je ressemble ? (dans les groupes)
permission-star = { $name } demande : à qui tu ressembles ? Je peux regarder cette photo ? Une seule fois ; rien n’en est gardé.
permission-pair = { $name } demande : à quel point vous vous ressemblez ? Je peux regarder cette photo ? Une seule fois ; rien n’en est gardé.
permission-yes = Oui, vas-y
permission-no = Non merci
permission-thanks = Merci ! Je regarde… ✨
permission-refused = D’accord : je n’ai pas regardé cette photo.
permission-old = Cette question est trop ancienne. Repose-la, s’il te plaît.
elsewhere-photo = Réponds à une photo de toi avec { $bot }, ou mets { $bot } dans la légende, et je te dis à qui tu ressembles. 📸
elsewhere-consent = Avant de regarder une photo, il me faut ton accord, une seule fois et dans notre chat : ouvre { $bot } et envoie-moi une photo là-bas. Après, ça marche aussi ici.

## Comparer deux personnes
command-compare = deux personnes se ressemblent-elles ?
command-avatar = ta photo en dessin
compare-ask = 👥 Envoie-moi deux photos, l’une après l’autre ou ensemble, et je te dis à quel point les deux personnes se ressemblent. Seulement avec leur accord, s’il te plaît.
compare-second = Reçu. Maintenant, la photo de la deuxième personne. 👥
compared =
    👥 { $percent }
    { $tier }
    Ces deux visages se ressemblent plus que { $percent } des paires d’inconnus. C’est un jeu : il ne dit rien d’un lien de parenté.
pair-twin = Comme deux gouttes d’eau, ou une seule et même personne !
pair-strong = Ressemblance frappante : on les croirait de la même famille.
pair-some = Il y a quelque chose de commun.
pair-faint = Deux visages très différents, chacun unique.
compare-refused-first = Sur la première photo : { $reason }
    Envoie-m’en une autre, à comparer avec la deuxième.
compare-refused-second = Sur la deuxième photo : { $reason }
compare-gone = Cette photo n’est plus là. Renvoie-la-moi. 📸
compare-first-name = Première photo
compare-second-name = Deuxième photo
compare-left-name = À gauche
compare-right-name = À droite
button-compare = 👥 Quelle ressemblance ?
button-cards = 🖼 Une carte pour chacun

## Menu et bavardage
command-random = une star au hasard
menu-find = 📸 Trouver ma star
menu-random = 🎲 Star au hasard
menu-mine = ⭐ Mes stars
menu-how = 💬 Ça va ?
menu-great = 😊 Super !
menu-soso = 😐 Bof
menu-number = 🎲 Un autre
menu-find-answer = Avec plaisir ! Envoie-moi une photo de ton visage et je trouve ta star. 📸
star-near = Je ne suis pas sûr de qui tu parles. Quelqu’un d’ici ?
lost-menu = Là, je n’ai pas compris, désolé. Ce que je sais bien faire :
lost-stars = Je suis plus doué pour les visages que pour les mots. On en regarde un ?
talk-thanks = De rien ! 💛
talk-who = Je suis un bot qui connaît plein de visages célèbres. Envoie-moi le tien et je te dis à quelle star tu ressembles.
talk-how = À merveille, merci : toute la journée parmi les stars. Et toi ?
talk-great = Ça fait plaisir ! Le moment parfait pour un selfie. 📸
talk-soso = Alors on va te remonter le moral : une star, peut-être ?
talk-number = Ton nombre est le { $number }.
talk-bye = À bientôt ! Les stars et moi, on reste là. 👋
talk-compliment = Merci, je rougis. 😊 Tu n’es pas mal non plus.
talk-insult = J’ai encore beaucoup à apprendre. Essayons avec une photo : c’est là que je suis le meilleur.
talk-love = C’est adorable. ❤️ Je ne suis qu’un bot, mais tu as embelli ma journée.
talk-joke = { $variant ->
        [0] Pourquoi les stars ne sont-elles jamais seules ? Elles sortent toujours en constellation.
        [1] Mon sport préféré ? Le face-à-face.
       *[other] Un miroir et moi, on fait le même métier. Mais un seul de nous deux connaît Angelina Jolie.
    }
talk-age = L’âge d’être encore curieux, et de me souvenir des films en noir et blanc.
talk-can =
    • Envoie une photo : je te dis à quelle star tu ressembles.
    • Écris le nom d’une star : je te montre qui c’est, et qui lui ressemble.
    • /star et le bouton en dessous : à quel point vous vous ressemblez.

    Tout le reste : /help
talk-from = D’un ordinateur qui ne dort jamais. Des visages célèbres y passent toute la journée.
talk-real = Je suis un bot : pas de cœur, mais plein de visages en tête.
talk-laugh = { $variant ->
        [0] 😄 J’aime bien quand on rit.
        [1] 😂 Un bon fou rire rend tous les selfies meilleurs.
       *[other] 😁 Garde ce sourire et envoie-moi une photo !
    }
talk-okay = { $variant ->
        [0] 👍 Quand tu veux : une photo, ou le nom d’une star.
        [1] 👌 Je suis là. Envoie une photo, ou écris le nom d’une star.
       *[other] 🙂 Bien. On cherche ta star ? Une photo suffit.
    }
talk-sorry = Pas de souci. 💛
talk-bored = Ça, ça s’arrange. On y va ?
talk-honest = Je mesure seulement si deux visages sont proches, et la lumière et l’angle comptent. Une autre photo dira peut-être autre chose.
talk-pretty = La beauté, ce n’est pas à moi de la mesurer, ni à personne. Mais je peux te dire à quelle star tu ressembles.
talk-photo = Touche le trombone 📎 à côté du champ de message, puis choisis une photo ou prends-en une. Le mieux : le visage de face, avec une bonne lumière.

## Pourquoi il n’y a pas de réponse
no-face = Je ne vois aucun visage sur cette image. Essaie de face, de près, avec une bonne lumière.
too-dark = Il fait trop sombre sur cette image : je ne vois aucun visage. Essaie avec une bonne lumière, face à la lampe ou à la fenêtre.
blurred = Cette image est trop floue : je ne vois aucun visage. Tiens bien le téléphone, essuie l’objectif et réessaie.
face-too-small = Le visage est trop petit pour moi. Approche-toi, ou envoie une image plus grande.
unreadable = Cette image est abîmée et je n’arrive pas à la lire. Renvoie-la, ou essaies-en une autre.
too-large = Cette image est trop grande : mon maximum, c’est 20 Mo et 40 mégapixels. Envoie-la comme photo, et Telegram la réduira.
not-a-picture = Ce fichier n’est pas une image que je sais lire. JPEG, PNG, HEIC, WebP, AVIF et GIF conviennent.
failed = Désolé, quelque chose s’est mal passé. Réessaie, s’il te plaît.
waiting =
    Il y a du monde en ce moment. Ta photo est la numéro { $place } dans la file ; compte environ { $seconds ->
        [one] { $seconds } seconde
       *[other] { $seconds } secondes
    }. Je répondrai, pas besoin de la renvoyer. ⏳

## Notes : $score va de 1 à 10, $stars des noms avec « et » avant le dernier
command-rate = noter des stars, l’une après l’autre
command-recommend = des stars qui vont te plaire
button-rate = 💛 Noter cette star
button-rated = 💛 { $score } sur 10 · changer
button-unrate = Retirer ma note
button-rate-stars = 💛 Noter des stars
button-skip = Passer
button-stop = Arrêter
button-recommend = 💛 Qui va me plaire ?
rating-asked = 1 : pas mon truc, 10 : j’adore. Je garde ta note un an, chiffrée, pour recommander des stars ; /delete l’efface.
rating-kept = { $star } : { $score } sur 10. Tu peux changer ta note ou la retirer.
rating-gone = { $star } : ta note est effacée.
rate-how = Tu aimes { $star } ? 1 : pas mon truc, 10 : j’adore.
rate-count = Déjà notées : { $count }
rate-notice = Je garde tes notes un an, chiffrées, pour te recommander des stars, à toi et aux autres. /delete les efface.
rate-done =
    { $count ->
        [one] Tu as noté { $count } star.
        [many] Tu as noté { $count } de stars.
       *[other] Tu as noté { $count } stars.
    }
rate-all = Tu as noté toutes les stars que je connais. ⭐
recommend = 💛 Je crois que tu vas aimer :
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , parce que tu aimes { $stars }
recommend-face = , avec un visage comme { $stars }
recommend-known = , parmi les plus connus
recommend-early = Il y a encore peu de notes. En attendant, je me fie aux visages et à la célébrité.
recommend-missing =
    Je peux recommander des stars à partir de cinq notes de ta part : { $count ->
        [one] encore { $count }.
       *[other] encore { $count }.
    }
names-and = { $names } et { $name }
star-also = 💛 On aime aussi : { $stars }
privacy-ratings = ⭐ Si tu notes des stars, je garde ça aussi, chiffré, pendant un an. Ça m’aide à te recommander des stars, à toi et aux autres ; personne d’autre n’apprend de qui était la note.
stats-ratings = Notes gardées : { $ratings }

## Vie privée
privacy =
    Ce qui se passe ici, en mots simples :

    📷 Ta photo reste en mémoire pendant que je réponds, une seconde environ, et n’est jamais écrite nulle part. Les mesures de ton visage non plus. Personne ne la regarde, et aucun modèle n’apprend d’elle.

    🗂 Je garde ton id Telegram, ton nom, ta langue et tes réglages, la date de ton premier et de ton dernier message, celle de ton accord, les stars que tu as obtenues et les identifiants Telegram de tes dernières cartes, pour que tu puisses les partager. Cet historique est effacé au bout de { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    } ; combien de fois tu as obtenu chaque star, un an après la dernière fois. Tout est chiffré sur mon disque{ $log ->
        [readable]  ; la personne qui me gère en garde une copie dans sa propre base de données, où elle peut la lire.
        [sealed]  ; la personne qui me gère en garde une copie dans sa propre base de données, chiffrée aussi.
       *[none] .
    }

    🙋 /export t’envoie tout ce que je garde sur toi. /delete efface tout d’un coup.

    ⚖️ C’est un jeu pour adultes, et il se trompe souvent sur les visages d’enfants. Il n’identifie personne et ne sert pas à découvrir qui est quelqu’un. N’envoie que des photos de toi, ou de personnes qui sont d’accord.
privacy-pictures = 🎨 La carte et, si tu les demandes, une métamorphose ou un dessin sont faits à partir de ta photo. Je ne garde aucune de ces images.
privacy-more = ⚔️ Un défi garde, sept jours au plus, l’endroit où Telegram a ta photo, pas la photo elle-même. Pour les personnes bloquées, l’id reste, même après /delete.
privacy-operator = 🧑‍💻 Ce bot est géré par { $operator }.
deleted = C’est fait : tout ce qui te concerne est effacé, ton accord aussi. Si tu m’écris à nouveau, on repart de zéro. 👋
deleted-banned = C’est fait : tout ce qui te concerne est effacé, ton accord aussi. Seul reste ton id dans la liste de ceux à qui je ne réponds pas.
banned = Je ne te réponds plus : c’est la décision de la personne qui me gère. /export et /delete marchent toujours.
deleted-nothing = Rien sur toi n’est gardé ici.
private-only = Demande-le-moi en privé : un groupe n’a pas à le lire.
export-wait = Je viens de te l’envoyer. Redemande dans une minute.
export-caption = Tout ce qui est gardé sur toi.

## Langue
language = Quelle langue veux-tu que je parle ?
language-auto = Comme dans mon Telegram
language-chosen = Je parlerai français.

## Pour ceux qui gèrent le bot
stats =
    Personnes : { $people } ; ont dit oui : { $consented } ; ont bloqué le bot : { $blocked }
    Réponses gardées : { $answers } ; avec une star : { $matches }
    Photos en attente d’accord : { $held }
    Mises à jour sans réponse : { $waiting } ; abandonnées : { $dead }
    Lignes en route vers MongoDB : { $outbox }
    Stars dans la galerie : { $stars }
    Processus de visages perdus : { $deaths }
chart-people = Nouvelles personnes
chart-answers = Réponses
chart-matches = Avec une star
chart-refusals = Sans star
chart-languages = Langues
ban-usage = { $command } demande un id Telegram à la suite, ou un message de la personne : transfère-le-moi et réponds-y avec { $command }.
ban-admin = Non : ce serait moi, ou quelqu’un qui me gère.
ban-done = { $user } est sur la liste noire et n’a plus de réponse. /unban annule.
ban-before = { $user } est déjà sur la liste noire.
unban-done = { $user } a de nouveau des réponses.
unban-nobody = { $user } n’était pas sur la liste noire.
reload-done = L’index sur le disque est en service : { $people ->
        [one] { $people } star
        [many] { $people } de stars
       *[other] { $people } stars
    }.
reload-refused = L’index sur le disque est refusé, le précédent reste en service : { $why }
news-on = 🔔 Tu reçois les messages envoyés à tout le monde.
news-off = 🔕 Tu ne reçois pas les messages envoyés à tout le monde.
news-stop = 🔕 Je n’en veux plus
news-again = 🔔 En recevoir à nouveau
broadcast-usage = Écris ce que tout le monde doit lire : /broadcast TEXTE. Ou réponds à un message avec /broadcast, et tout le monde en reçoit une copie, avec ses images et sa mise en forme.
broadcast-cannot = Ce message ne peut pas être copié. Essaies-en un autre.
broadcast-draft = Voici ce que { $people ->
        [one] { $people } personne va
        [many] { $people } de personnes vont
       *[other] { $people } personnes vont
    } recevoir. J’envoie ?
broadcast-running = En route : { $sent } envoyés sur { $all }. M’ont bloqué : { $blocked }, échecs : { $failed }.
broadcast-paused = En pause : { $sent } envoyés sur { $all }. M’ont bloqué : { $blocked }, échecs : { $failed }.
broadcast-done = Terminé : { $sent } envoyés sur { $all }. M’ont bloqué : { $blocked }, échecs : { $failed }.
broadcast-cancelled = Annulé : { $sent } envoyés sur { $all }. M’ont bloqué : { $blocked }, échecs : { $failed }.
broadcast-declined = N’en ont pas voulu : { $count }.
broadcast-button-send = Envoyer
broadcast-button-pause = Pause
broadcast-button-resume = Continuer
broadcast-button-cancel = Annuler

## Signalements
button-report = Il y a un problème
report-ask = Qu’est-ce qui ne va pas ? { $star }
report-unkind = C’est blessant
report-photo = C’est quelqu’un d’autre sur la photo
report-unlike = Aucune ressemblance
report-none = Rien, tout va bien
report-thanks = Merci. C’est transmis.
report-closed = D’accord, rien n’a été signalé.
report =
    { $star } ({ $item }) : { $reason }
    Photo : { $photo }
    { $count ->
        [one] { $count } signalement
       *[other] { $count } signalements
    }, le dernier le { $day }
reports-none = Il n’y a aucun signalement.
hide-star = Masquer cette star
hide-photo = Masquer cette photo
hide-none = Laisser comme ça
hide-undo = Afficher à nouveau
hide-undo-of = Afficher à nouveau : { $star }
hide-done-star = Star masquée partout, dès maintenant : { $star }.
hide-done-photo = Photo masquée partout, dès maintenant : { $star }.
hide-undone = De nouveau visible.
hide-left = Rien ne change : { $star }.
hide-gone = Cette star est déjà masquée, ou n’est plus dans la galerie.
hide-who = Qui dois-je masquer ?
hide-nobody = Je ne connais personne de ce nom.
hide-usage = /hide NOM masque une star. Masquées en ce moment : { $count }.

## La page web. $percent « 87% » ; d’un problème, la première phrase est le titre
page-headline = À qui tu ressembles ?
page-lead = Une photo, et tu vois à quelles stars ton visage ressemble le plus.
page-language = Langue
page-no-script = Cette page a besoin de JavaScript.
page-choose = Choisir une photo
page-choose-other = Choisir une autre photo
page-selfie = Prendre un selfie
page-retry = Réessayer
page-cancel = Annuler
page-hint = ou dépose-la ici, ou colle-la
page-privacy = Ta photo est comparée sur ce serveur, transformée en image si tu le demandes, puis jetée aussitôt ; rien n’est gardé. N’envoie que des photos de toi, ou de personnes qui sont d’accord.
page-foot = Un jeu, juste pour rire : une ressemblance ne dit rien de qui est quelqu’un.
page-comparing = Comparaison en cours… Une seconde ou deux.
page-most-like = Tu ressembles surtout à
page-face = Visage { $face } sur { $faces }
page-face-like = Le visage { $face } sur { $faces } ressemble surtout à
page-meaning = Plus ressemblant que { $percent } des gens et leur star la plus proche.
page-others = Et aussi, un peu, à
page-your-face = Ton visage
page-faces = Les visages de cette photo
page-photo-by = Photo :
page-again = Essayer une autre photo
page-save = Enregistrer
page-saved = L’image est dans tes téléchargements.
page-pictures = Des images à partager
page-card = Carte
page-morph = Métamorphose
page-drawing = Dessin
page-making = L’image se prépare… Cela prend quelques secondes.
page-share = Partager
page-video = Vidéo
page-strip = Cinq images
page-chat = Discussion
page-story = Story
page-square = Carrée
page-filters = Parmi qui chercher
page-more = Plus
page-region = Origine
page-born = Naissance
page-looking = Nouvelle recherche…
page-compare-two = Comparer deux personnes
page-compare-with = Comparer avec quelqu’un
page-pair-title = À quel point deux personnes se ressemblent-elles ?
page-first = Première personne
page-second = Deuxième personne
page-pair-hint = Choisis une photo de chaque personne.
page-pair-meaning = Plus ressemblantes que { $percent } des paires d’inconnus.
page-pair-truth = Deux photos d’une même personne obtiennent presque toujours 99%. C’est un jeu : il ne prouve ni que deux photos montrent la même personne, ni que deux personnes sont parentes.
page-in-first = Première photo : { $reason }
page-in-second = Deuxième photo : { $reason }
page-back = Retour
page-find = Chercher une star par son nom
page-find-nobody = Aucune star ne porte ce nom ici.
page-kin = Visages semblables
page-liked = Les mêmes personnes aiment aussi
page-too-large = Cette photo est trop grande. Le maximum est de 20 Mo et 40 mégapixels.
page-nobody = Il n’y a personne comme ça dans la galerie. Choisis autre chose.
page-busy = Il y a du monde en ce moment. Ta photo n’a pas été gardée. Réessaie dans quelques secondes.
page-often = Ça fait beaucoup de photos en peu de temps. Attends une minute, puis réessaie.
page-often-pictures = Ça fait beaucoup d’images en peu de temps. Attends une minute, puis réessaie.
page-card-none = La carte n’a pas marché. Réessaie, ou essaie une autre photo.
page-offline = Le serveur est injoignable. Vérifie ta connexion, puis réessaie.
page-slow = C’était trop long. Ta connexion est peut-être lente. Réessaie, ou envoie une photo plus petite.
page-broken = Quelque chose s’est mal passé sur le serveur. Ta photo n’y est pour rien. Réessaie dans un instant.
