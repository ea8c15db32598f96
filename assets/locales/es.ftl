# Español. Argumentos: $name nombre de pila, $star nombre de la celebridad, $note quién es, $percent «87%».

## Los comandos, tal como los muestra el menú de Telegram
command-start = qué hace este bot
command-help = cómo conseguir un buen resultado
command-privacy = qué pasa con tu foto
command-delete = borrar todo lo que hay sobre mí
command-export = recibir todo lo que se guarda sobre mí
command-mine = las estrellas que me han salido
command-top = las estrellas que más han salido esta semana
command-settings = entre quiénes busco tu estrella
command-language = elegir el idioma

## Lo que se ve del bot antes de escribirle: nombre (64 letras), descripción (512), descripción corta (120)
profile-name = ¿A quién me parezco?
profile-description =
    Mándame una selfie y te digo a qué celebridad te pareces y cuánto. Con una imagen para compartir. ✨

    🙋 Una cara, un grupo entero, tú y alguien más.
    🔒 Miro tu foto una sola vez y la borro. De tu cara no se guarda nada, nunca.
    🎭 Es un juego para adultos y no identifica a nadie.
profile-short-description = Manda una selfie y descubre a qué celebridad te pareces. Solo por diversión: no se guarda ninguna foto. 📸

## Saludos y ayuda
start =
    ¡Hola, { $name }! Mándame una selfie y te digo a qué celebridad te pareces y cuánto.

    { $people ->
        [one] Hay una estrella
        [many] Hay { $people } de estrellas
       *[other] Hay { $people } estrellas
    } con ganas de conocerte. 📸
friend = estrella
hello = ¡Hola, { $name }! Mándame una foto de tu cara y busco tu estrella. 📸
help =
    Manda una foto y te respondo con tu estrella y un porcentaje.

    • Lo mejor: una sola cara, de frente y con buena luz.
    • ¿Sale más gente en la foto? Hay una estrella para cada cara.
    • También sirven los álbumes y las imágenes enviadas como archivo (JPEG, PNG, HEIC, WebP, AVIF, GIF). De los videos, GIF y stickers miro un fotograma.

    El porcentaje: con un 87% te pareces más a tu estrella que el 87% de la gente a la suya.

    Es un juego para adultos: con caras de niños falla bastante. No identifica a nadie.

    { $commands }
send-photo = Mándame una foto donde se vea una cara y busco tu estrella. Más en /help.
only-pictures = Yo solo sé mirar imágenes. Mándala como foto o como archivo JPEG, PNG, HEIC, WebP, AVIF o GIF.
old-button = Ese botón es de otros tiempos y ya no sé qué hacer con él. Mándame una foto. 📸
unknown-command = Ese comando no lo conozco. Mándame una foto o mira /help.

## Consentimiento
consent =
    Antes de mirar tu foto, { $name }:

    • Mido la cara y la comparo con las de las estrellas, y la dibujo en las imágenes que recibes. Después se borran la foto y las medidas; ninguna de las dos se guarda jamás.
    • Lo que sí se guarda, cifrado: qué estrellas te salieron y los identificadores de Telegram de tus últimas tarjetas, para que puedas compartirlas, durante { $days ->
        [one] un día
       *[other] { $days } días
    }; cuántas veces te salió cada estrella, durante un año; y tu id de Telegram, nombre, idioma y ajustes. /delete lo borra todo al instante.
    • Es un juego para adultos y con caras de niños falla bastante. No identifica a nadie.
    • Manda solo fotos tuyas o de personas que estén de acuerdo.

    ¿Te parece bien?
consent-changed = Ya me habías dado permiso. Desde entonces guardo algo más, así que te lo pregunto otra vez.
consent-again = Esta también espera hasta que respondas a lo de arriba. ¿Las miro?
consent-question =
    En resumen: miro la foto durante un segundo más o menos, comparo la cara con las de las estrellas y lo borro todo. Nadie la ve y no se guarda jamás. Guardo qué estrellas te salieron durante { $days ->
        [one] un día
       *[other] { $days } días
    }; /delete lo borra todo. Más: /privacy.

    ¿La miro?
not-yours = Este botón es de otra persona. Mándame una foto tuya y tendrás el tuyo.
consent-yes = Sí, busca mi estrella
consent-no = No, gracias
consent-thanks = ¡Gracias! Buscando tu estrella… ✨
consent-refused = De acuerdo: no miré tu foto y ya la olvidé. Si cambias de idea, mándala otra vez.
consent-withdrawn = De acuerdo: no miraré más fotos tuyas. Lo que hay guardado se borra con /delete.
consent-given = ¡Gracias! Ahora mándame una foto. 📸
consent-stale = Ya me habías dado permiso. Mándame una foto. 📸

## Respuestas
tier-twin = { $variant ->
    [0] Un parecido de los que hacen girar la cabeza.
    [1] Es raro que dos desconocidos se parezcan tanto.
    [2] ¡Clavado, clavado!
    [3] Desde la otra acera, cuesta distinguirlos.
    [4] Un parecido de los que no se ven todos los días.
    [5] Igual tus amistades empiezan a llamarte así.
    [6] Si algún día hace falta doble, ya saben a quién llamar.
    [7] ¡Esto sí que es parecerse!
    [8] Poca gente llega tan cerca de su estrella.
   *[other] Las dos caras tienen muchísimo en común.
    }
tier-strong = { $variant ->
    [0] ¡Un parecido sorprendente!
    [1] Se ve a la primera.
    [2] Más que un aire: un parecido claro.
    [3] Algún día te lo dirá alguien por la calle.
    [4] Buena coincidencia, muy por encima de lo normal.
    [5] Podrían ser de la misma familia.
    [6] Hay mucho de esa cara en la tuya.
    [7] Ponte gafas de sol y la gente dudará.
    [8] Un parecido digno de contarse.
   *[other] Quedarían genial en la misma foto.
    }
tier-some = { $variant ->
    [0] Algo en común tienen, sí.
    [1] Un aire, y de los bonitos.
    [2] Con la luz adecuada, sí.
    [3] Hay rasgos que riman.
    [4] En un buen día, aire de familia.
    [5] No es tu doble, pero algo hay.
    [6] El parecido se esconde, pero está.
    [7] El parecido, a medias; la cara, toda tuya.
    [8] Una pizca de polvo de estrellas.
   *[other] Mira dos veces y lo verás.
    }
tier-faint = { $variant ->
    [0] Un parecido leve, pero nadie se acerca más.
    [1] A quien más te pareces es a ti.
    [2] Una cara poco común: hasta la estrella más cercana queda lejos.
    [3] A las estrellas les falta alguien como tú.
    [4] Casi nadie se parece a ti, y eso es un piropo.
    [5] ¡Qué cara tan original! Esta estrella es solo la que más se acerca.
    [6] No apareció ningún doble; esta es tu vecina más cercana en el cielo.
    [7] Una cara con personalidad. Si tiene que ser una estrella, que sea esta.
    [8] Se parecen solo un poquito: en la galería hay pocas caras como la tuya.
   *[other] Una cara única, con un guiño a esta estrella.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = Te pareces más a tu estrella que el { $percent } de la gente a la suya.
answer-place = Número { $place } de las { $count } estrellas que más se te parecen.
among = Entre { $who }:
among-born = Entre { $who } (nacimiento: { $years }):
among-any = estrellas
among-male = hombres
among-female = mujeres
from-africa = de África
from-asia = de Asia
from-east-asia = de Asia Oriental
from-south-asia = del sur de Asia
from-middle-east = de Oriente Medio
from-europe = de Europa
from-north-america = de Norteamérica
from-latin-america = de América Latina
from-oceania = de Oceanía
answer-group = 👥 En la foto, de izquierda a derecha:
answer-other = { $star } – { $percent }
answer-more-people = …y { $count } más
note = , { $note }
doubt-dark = 🌙 La foto está oscura, así que el resultado es menos seguro. Con buena luz puede salir otra estrella.
doubt-blurred = 🌫 La cara sale borrosa, así que el resultado es menos seguro. Con una foto nítida puede salir otra estrella.
doubt-covered = 😷 Parte de la cara está tapada, así que el resultado es menos seguro. Si se ve entera, puede salir otra estrella.
doubt-turned = ↪️ La cara está de lado, así que el resultado es menos seguro. De frente puede salir otra estrella.
card-you = Tú
card-question = ¿Y tú? ¿A quién te pareces?
card-from-photos = de { $photos } fotos
card-credit = Foto: { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, recortada
card-license = { $credit } · tarjeta: { $license }
credit-source = fuente
credit = 📷 { $author }{ $license }
button-next = Otra estrella ▶
button-previous = ◀ Atrás
button-filters = Región y época
button-back = ◀ Volver a mi estrella
chosen = ✓ { $what }
where-male = Hombres
where-female = Mujeres
where-any = Todos
where-nobody = Ahí no queda nadie con quien compararte. Prueba con algo más amplio.
region-any = Todo el mundo
region-africa = África
region-asia = Asia
region-east-asia = Asia Oriental
region-south-asia = Sur de Asia
region-middle-east = Oriente Medio
region-europe = Europa
region-north-america = Norteamérica
region-latin-america = América Latina
region-oceania = Oceanía
era-any = Cualquier año
era-until = hasta { $last }
era-from = desde { $first }
settings = Así busco tu estrella: { $among }. ¿Cambiamos algo?
settings-anybody = entre todas las estrellas
photo-gone = Ya no veo esa foto; quizá se borró. Mándala otra vez y seguimos. 📸
button-about = ¿Quién es { $star }?
button-share = Contárselo a alguien
share-text = Me parezco a { $star }: ¡{ $percent }! ¿Y tú?
more = Después de { $star } ({ $percent }), a quien más te pareces es a:
more-line = { $rank }. { $star } – { $percent }
more-none = De esa foto no hay más que mostrar. Mándame otra. 📸

## Colección
mine = ⭐ Tus estrellas: { $count } de { $people }.
mine-rarest =
    💎 La más rara: { $star }, { $people ->
        [one] que solo te ha salido a ti
        [many] que les ha salido a { $people } de personas
       *[other] que les ha salido a { $people } personas
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count ->
        [one] una vez
       *[other] { $count } veces
    }
mine-unmet =
    🔭 { $count ->
        [one] Hay una estrella que aún no le ha salido
        [many] Hay { $count } de estrellas que aún no le han salido
       *[other] Hay { $count } estrellas que aún no le han salido
    } a nadie. ¿Quiénes serán? /top
mine-none = Aún no tienes estrellas. Mándame una foto de tu cara y consigue la primera de { $people }. 📸
ago =
    { $days ->
        [0] hoy
        [one] ayer
       *[other] hace { $days } días
    }
top = 🔥 Las estrellas que más han salido esta semana:
top-line =
    { $rank }. { $star } – { $people ->
        [one] una persona
        [many] { $people } de personas
       *[other] { $people } personas
    }
top-none = Esta semana aún no ha salido ninguna estrella. Mándame una foto de tu cara y estrena la lista. 📸
top-unmet =
    🔭 { $count ->
        [one] Hay una estrella que aún no le ha salido
        [many] Hay { $count } de estrellas que aún no le han salido
       *[other] Hay { $count } estrellas que aún no le han salido
    } a nadie. Por ejemplo:
inline-mine-too = ¿Y a quién me parezco yo? 📸
inline-how-alike = ¿Cuánto nos parecemos? 📸
inline-find-mine = 📸 Buscar mi estrella
inline-star = { $star }{ $note }
friend-star =
    👋 ¡Hola, { $name }! A { $friend } le salió { $star }: { $percent }.
    ¿Y tú, a quién te pareces? Mándame una foto de tu cara. 📸
friend-link-over = ¡Hola, { $name }! Lo que contaba ese enlace ya no se cuenta. Pero puedo decirte a quién te pareces tú: mándame una foto de tu cara. 📸
friend-link-own = Ese es tu propio enlace. Mándaselo a alguien: le cuenta qué estrella te salió.
button-morph = 🎬 Transformarme en la estrella
button-strip = 🖼 En cinco imágenes
morph = Tú transformándote en { $star }: { $percent } 🎬
morph-license = Esta imagen también se puede compartir bajo { $license }.
morph-none = Con esta foto no me sale: necesito una cara de frente y una foto de la estrella que se pueda modificar.
button-story = 📱 Para historias
button-square = ◻️ Cuadrada
button-avatar = 🎨 Mi retrato dibujado
avatar = Tu retrato dibujado 🎨
avatar-none = Esta foto no la puedo dibujar: necesito una cara más grande y que se vea bien.
avatar-comic = 💥 Cómic
avatar-ink = 🖋 Tinta
avatar-poster = 🌆 Cartel
avatar-sticker = Como sticker
avatar-round = ⭕ Redondo
avatar-ask = 🎨 Mándame una foto en la que tu cara se vea grande y bien, y te dibujo: en cómic, a tinta o como póster.
avatar-own = Solo dibujo a quien envió la foto. Responde con /avatar a una foto tuya, o mándame una en privado. 🎨
button-challenge = ⚔️ Retar a alguien
challenge-made =
    ⚔️ Manda este enlace a quien quieras retar:
    { $link }
    Cuando me mande una foto de su cara, cada quien recibirá una tarjeta con las dos caras y cuánto se parecen. El enlace dura siete días. Tu foto se queda en Telegram; yo solo apunto dónde está.
challenge-send = Elegir a quién
challenge-share = ¿Cuánto nos parecemos tú y yo? ⚔️
challenge-take-back = Retirar
challenge-asked =
    ⚔️ ¡{ $friend } quiere saber cuánto se parecen ustedes dos!
    Mándame una foto de tu cara y cada quien recibirá una tarjeta con las dos caras y un porcentaje. Cualquiera puede retirarla.
challenge-no = No, gracias
challenge-again = { $reason }
    Mándame otra y los comparo. ⚔️
challenge-own = Este reto es tuyo. Manda el enlace a otra persona. ⚔️
challenge-over = Ese reto ya terminó o fue retirado.
duel-please-delete = La otra persona retiró la tarjeta de ustedes dos. Yo ya no puedo borrarla aquí: bórrala tú, por favor. ¡Gracias!
challenge-declined = De acuerdo, sin comparar. Si cambias de idea, abre el enlace otra vez.
challenge-taken-back = Retirado: el enlace ya no funciona.
duel-result =
    ⚔️ Ustedes dos, { $one } y { $other }: { $percent }
    { $tier }
    Se parecen más que el { $percent } de las parejas de desconocidos. Es un juego: no dice nada sobre si son familia.
duel-taken-back = Retirada: la tarjeta se borró en los dos chats.
tell-friends = 🔗 Que mi enlace revele mi estrella
tell-friends-stop = 🔗 Mi enlace revela mi estrella ✓

## Álbumes
album-pooled = 🖼 De { $photos } fotos, miradas en conjunto.
album-one = 🖼 Vista en esta foto del álbum.
album-left-out = { $photos ->
    [one] En una más no había ninguna cara que me sirviera.
   *[other] En { $photos } más no había ninguna cara que me sirviera.
}
album-each = He mirado cada una de estas fotos:
album-line = { $number }. { $answer }

## Una estrella
command-star = la página de una estrella, por su nombre
star-ask = ¿De quién quieres ver la página? Escribe el nombre de una estrella.
star-which = ¿A quién te refieres?
star-unknown = No conozco a nadie con ese nombre. Prueba a escribirlo de otra forma o con otra estrella.
star-gone = Esa estrella ya no está en mi galería. Prueba con otra: /star
star-kin = Las estrellas que más se le parecen (distancia, coseno):
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = { $count ->
        [one] A una persona le ha salido
        [many] A { $count } de personas les ha salido
       *[other] A { $count } personas les ha salido
    } esta estrella aquí.
button-duel = ¿Cuánto nos parecemos?
duel-ask = ¿Cuánto te pareces a { $star }? Mándame una foto de tu cara y te lo digo. 📸
duel =
    { $percent } { $star }
    { $tier }
    Te pareces más a { $star } que el { $percent } de la gente.
duel-twin = La próxima vez que te pidan un autógrafo, sonríe y firma.
duel-strong = Sí, yo lo veo. Y seguro que no solo yo.
duel-some = Un algo hay.
duel-faint = No se parecen mucho: como tú no hay dos.
duel-doubt = La foto no se ve del todo bien, así que el resultado es menos seguro. Con otra puede salir otro porcentaje.
duel-share-text = { $star } y yo: ¡{ $percent } de parecido! ¿Y tú?
role-actor = cine
role-athlete = deporte
role-singer = música
role-footballer = fútbol
role-rapper = rap
role-coach = entrenamiento
role-tennis-player = tenis
role-model = moda
role-presenter = televisión
role-director = dirección de cine
role-dancer = danza
role-basketball-player = baloncesto
role-comedian = humor
role-racing-driver = automovilismo
role-politician = política
role-royalty = realeza
role-writer = libros
role-musician = música
role-businessperson = negocios
role-youtuber = YouTube

## Grupos
group-welcome = ¡Hola a todo el mundo! 👋 Responde a tu propia foto con /lookalike, o manda una y menciona a { $bot } en el pie, y te digo a quién te pareces. Si la foto es de otra persona, primero le pregunto. Por lo demás, no molesto.
group-no-pictures = Aquí no me dejan mandar imágenes, así que respondo solo con palabras. Un admin puede cambiarlo.
group-next-photo = Manda una foto de tu cara en respuesta a este mensaje y te digo a quién te pareces. 📸
command-lookalike = ¿a quién me parezco? (en grupos)
permission-star = { $name } pregunta a quién te pareces. ¿Puedo mirar esta foto? Una sola vez; no se guarda nada de ella.
permission-pair = { $name } pregunta cuánto se parecen ustedes dos. ¿Puedo mirar esta foto? Una sola vez; no se guarda nada de ella.
permission-yes = Sí, adelante
permission-no = No, gracias
permission-thanks = ¡Gracias! Mirando… ✨
permission-refused = De acuerdo: no miré esta foto.
permission-old = Esa pregunta ya es muy vieja. Hazla otra vez, por favor.
elsewhere-photo = Responde a una foto tuya con { $bot }, o pon { $bot } en el pie, y te digo a quién te pareces. 📸
elsewhere-consent = Antes de mirar una foto necesito tu permiso, una sola vez y en nuestro chat: abre { $bot } y mándame una foto allí. Después también funciona aquí.

## Comparar a dos personas
command-compare = ¿cuánto se parecen dos personas?
command-avatar = tu foto hecha dibujo
compare-ask = 👥 Mándame dos fotos, una tras otra o juntas, y te digo cuánto se parecen las dos personas. Solo con el permiso de quienes salen, por favor.
compare-second = Lista. Ahora la foto de la segunda persona. 👥
compared =
    👥 { $percent }
    { $tier }
    Se parecen más que el { $percent } de las parejas de desconocidos. Es un juego: no dice nada sobre si son familia.
pair-twin = ¡Como dos gotas de agua, o la misma persona!
pair-strong = Un parecido enorme: pasarían por familia.
pair-some = Algo comparten.
pair-faint = Dos caras muy distintas, cada una única.
compare-refused-first = En la primera foto: { $reason }
    Mándame otra para compararla con la segunda.
compare-refused-second = En la segunda foto: { $reason }
compare-gone = Esa foto ya no está. Mándamela otra vez. 📸
compare-first-name = Primera foto
compare-second-name = Segunda foto
compare-left-name = Izquierda
compare-right-name = Derecha
button-compare = 👥 ¿Cuánto se parecen?
button-cards = 🖼 Una tarjeta para cada cara

## Menú y charla
command-random = una estrella al azar
menu-find = 📸 Buscar mi estrella
menu-random = 🎲 Estrella al azar
menu-mine = ⭐ Mis estrellas
menu-how = 💬 ¿Cómo estás?
menu-great = 😊 ¡Genial!
menu-soso = 😐 Más o menos
menu-number = 🎲 Otro
menu-find-answer = ¡Con mucho gusto! Mándame una foto de tu cara y busco tu estrella. 📸
star-near = No sé bien a quién te refieres. ¿Será alguien de aquí?
lost-menu = Perdona, eso no lo entendí. Esto sí que se me da bien:
lost-stars = Las caras se me dan mejor que las palabras. ¿Vemos alguna de estas?
talk-thanks = ¡De nada! 💛
talk-who = Soy un bot que conoce muchas caras famosas. Mándame la tuya y te digo a qué estrella te pareces.
talk-how = De maravilla, gracias: todo el día entre estrellas. ¿Y tú?
talk-great = ¡Me alegro! Es el momento perfecto para una selfie. 📸
talk-soso = Pues vamos a animarte: ¿una estrella, quizá?
talk-number = Tu número es el { $number }.
talk-bye = ¡Hasta pronto! Las estrellas y yo seguimos por aquí. 👋
talk-compliment = Gracias, me sonrojo. 😊 Tú tampoco estás nada mal.
talk-insult = Aún me queda mucho por aprender. Probemos con una foto: es lo que mejor se me da.
talk-love = Qué ternura. ❤️ Solo soy un bot, pero me has alegrado el día.
talk-joke = { $variant ->
        [0] ¿Por qué las estrellas nunca se sienten solas? Porque siempre van en constelación.
        [1] ¿El colmo de un bot que reconoce caras? Que la vida le salga cara.
       *[other] Un espejo y yo hacemos lo mismo. Pero solo uno de los dos conoce a Angelina Jolie.
    }
talk-age = La edad justa para tener curiosidad y acordarme del cine en blanco y negro.
talk-can =
    • Manda una foto: te digo a qué estrella te pareces.
    • Escribe el nombre de una estrella: te enseño quién es y quién se le parece.
    • /star y el botón de abajo: cuánto se parecen tú y esa estrella.

    Todo lo demás: /help
talk-from = De una máquina que nunca duerme. Por aquí pasan caras famosas todo el día.
talk-real = Soy un bot: sin corazón, pero con la cabeza llena de caras.
talk-laugh = { $variant ->
        [0] 😄 Me encanta cuando la gente se ríe.
        [1] 😂 Una buena risa mejora cualquier selfie.
       *[other] 😁 ¡Guarda esa sonrisa y mándame una foto!
    }
talk-okay = { $variant ->
        [0] 👍 Cuando quieras: una foto o el nombre de una estrella.
        [1] 👌 Aquí estoy. Manda una foto o escribe el nombre de una estrella.
       *[other] 🙂 Bien. ¿Buscamos tu estrella? Con una foto basta.
    }
talk-sorry = No pasa nada. 💛
talk-bored = Eso tiene arreglo. ¿Empezamos?
talk-honest = Yo solo mido cuánto se acercan dos caras, y la luz y el ángulo cuentan. Otra foto puede decir otra cosa.
talk-pretty = La belleza no la mido yo, ni nadie. Lo que sí puedo decirte es a qué estrella te pareces.
talk-photo = Toca el clip 📎 junto al campo de mensaje y elige una foto o hazte una. Lo mejor: la cara de frente y con buena luz.

## Por qué no hay respuesta
no-face = No veo ninguna cara en esta imagen. Prueba con una de frente, de cerca y con buena luz.
too-dark = Está demasiado oscuro: no veo ninguna cara. Prueba con buena luz, con la lámpara o la ventana delante de ti.
blurred = La imagen está demasiado borrosa: no veo ninguna cara. No muevas el teléfono, limpia la lente y prueba otra vez.
face-too-small = La cara es demasiado pequeña para mí. Acércate más o manda una imagen más grande.
unreadable = Esta imagen está dañada y no puedo leerla. Mándala otra vez, o prueba con otra.
too-large = Esta imagen es demasiado grande: como mucho puedo con 20 MB y 40 megapíxeles. Mándala como foto y Telegram la hará más pequeña.
not-a-picture = Este archivo no es una imagen que yo pueda leer. Sirven JPEG, PNG, HEIC, WebP, AVIF y GIF.
failed = Lo siento, algo salió mal. Prueba otra vez, por favor.
waiting =
    Ahora mismo hay mucha gente. Tu foto es la número { $place } de la fila; tardaré más o menos { $seconds ->
        [one] un segundo
       *[other] { $seconds } segundos
    }. Te responderé, no hace falta que la mandes otra vez. ⏳

## Notas: $score es de 1 a 10, $stars nombres con «y» antes del último
command-rate = ponerles nota a las estrellas, una tras otra
command-recommend = estrellas que te van a gustar
button-rate = 💛 Ponerle nota
button-rated = 💛 { $score } de 10 · cambiar
button-unrate = Quitar la nota
button-rate-stars = 💛 Ponerles nota
button-skip = Saltar
button-stop = Parar
button-recommend = 💛 ¿Quién me gustará?
rating-asked = 1: no es lo mío, 10: me encanta. La nota se guarda un año, cifrada, para recomendar estrellas; /delete la borra.
rating-kept = { $star }: { $score } de 10. Puedes cambiar la nota o quitarla.
rating-gone = { $star }: tu nota se borró.
rate-how = ¿Cuánto te gusta { $star }? 1: no es lo mío, 10: me encanta.
rate-count = Notas hasta ahora: { $count }
rate-notice = Guardo tus notas un año, cifradas, para recomendarte estrellas a ti y a otras personas. /delete las borra.
rate-done =
    { $count ->
        [one] Le has puesto nota a una estrella.
        [many] Les has puesto nota a { $count } de estrellas.
       *[other] Les has puesto nota a { $count } estrellas.
    }
rate-all = Les has puesto nota a todas las estrellas que conozco. ⭐
recommend = 💛 Creo que te van a gustar:
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , porque eres fan de { $stars }
recommend-face = , con una cara como la de { $stars }
recommend-known = , de lo más conocido
recommend-early = Todavía hay pocas notas. Hasta que haya más, me guío por las caras y la fama.
recommend-missing =
    Puedo recomendarte estrellas después de cinco notas tuyas: { $count ->
        [one] falta una.
       *[other] faltan { $count }.
    }
names-and = { $names } y { $name }
star-also = 💛 A quienes les gusta, también les gusta: { $stars }
privacy-ratings = ⭐ Si les pones nota a las estrellas, eso también lo guardo, cifrado, durante un año. Me sirve para recomendarte estrellas a ti y a otras personas; nadie más sabrá de quién era la nota.
stats-ratings = Notas guardadas: { $ratings }

## Privacidad
privacy =
    Lo que pasa aquí, con palabras sencillas:

    📷 Tu foto está en memoria mientras respondo, un segundo más o menos, y nunca se escribe en ningún sitio. Lo mismo vale para las medidas de tu cara. Nadie la mira y ningún modelo aprende de ella.

    🗂 Guardo tu id de Telegram, tu nombre, tu idioma y tus ajustes, cuándo escribiste por primera y por última vez, cuándo diste tu permiso, qué estrellas te salieron y los identificadores de Telegram de tus últimas tarjetas, para que puedas compartirlas. Ese historial se borra al cabo de { $days ->
        [one] un día
       *[other] { $days } días
    }; cuántas veces te salió cada estrella, un año después de la última. Todo está cifrado en mi disco{ $log ->
        [readable] ; quien me administra tiene una copia en su propia base de datos, donde puede leerla.
        [sealed] ; quien me administra tiene una copia en su propia base de datos, también cifrada.
       *[none] .
    }

    🙋 /export te manda todo lo que guardo sobre ti. /delete lo borra todo al instante.

    ⚖️ Es un juego para adultos y con caras de niños falla bastante. No identifica a nadie ni sirve para averiguar quién es una persona. Manda solo fotos tuyas o de personas que estén de acuerdo.
privacy-pictures = 🎨 La tarjeta y, si los pides, una transformación o un dibujo se hacen con tu foto. No guardo ninguna de esas imágenes.
privacy-more = ⚔️ Un reto guarda, como mucho siete días, dónde tiene Telegram tu foto, no la foto. A quien se bloquea: su id se queda, incluso después de /delete.
privacy-operator = 🧑‍💻 Este bot lo administra { $operator }.
deleted = Listo: todo lo tuyo está borrado, también tu permiso. Si vuelves a escribir, empezamos de cero. 👋
deleted-banned = Listo: todo lo tuyo está borrado, también tu permiso. Solo queda tu id en la lista de aquellos a quienes no respondo.
banned = Ya no te respondo: así lo decidió quien me administra. /export y /delete siguen funcionando.
deleted-nothing = Aquí no hay nada guardado sobre ti.
private-only = Pregúntamelo en un chat privado: no es algo que deba leer un grupo.
export-wait = Te lo acabo de mandar. Pídemelo otra vez dentro de un minuto.
export-caption = Todo lo que se guarda sobre ti.

## Idioma
language = ¿En qué idioma quieres que hable?
language-auto = Como en mi Telegram
language-chosen = Hablaré en español.

## Para quienes administran el bot
stats =
    Personas: { $people }; dieron permiso: { $consented }; bloquearon el bot: { $blocked }
    Respuestas guardadas: { $answers }; con estrella: { $matches }
    Fotos que esperan permiso: { $held }
    Actualizaciones sin responder: { $waiting }; abandonadas: { $dead }
    Filas de camino a MongoDB: { $outbox }
    Estrellas en la galería: { $stars }
    Procesos de caras perdidos: { $deaths }
chart-people = Gente nueva
chart-answers = Respuestas
chart-matches = Con estrella
chart-refusals = Sin estrella
chart-languages = Idiomas
ban-usage = { $command } necesita detrás un id de Telegram, o un mensaje de esa persona: reenvíamelo y respóndele con { $command }.
ban-admin = No: ese sería yo, o alguien de quienes me administran.
ban-done = { $user } queda en la lista de bloqueo y ya no recibe respuesta. /unban lo deshace.
ban-before = { $user } ya estaba en la lista de bloqueo.
unban-done = { $user } vuelve a recibir respuesta.
unban-nobody = { $user } no estaba en la lista de bloqueo.
reload-done = El índice del disco está en uso: { $people ->
        [one] una estrella
        [many] { $people } de estrellas
       *[other] { $people } estrellas
    }.
reload-refused = El índice del disco fue rechazado; sigue en uso el anterior: { $why }
news-on = 🔔 Recibes los mensajes que van para todo el mundo.
news-off = 🔕 No recibes los mensajes que van para todo el mundo.
news-stop = 🔕 No quiero más de estos
news-again = 🔔 Volver a recibirlos
broadcast-usage = Escribe lo que todo el mundo debe leer: /broadcast TEXTO. O responde a un mensaje con /broadcast y todo el mundo recibe una copia, con sus imágenes y su formato.
broadcast-cannot = Ese mensaje no se puede copiar. Prueba con otro.
broadcast-draft = Esto es lo que recibirán { $people ->
        [one] una persona
        [many] { $people } de personas
       *[other] { $people } personas
    }. ¿Lo mando?
broadcast-running = En camino: { $sent } de { $all } enviados. Me bloquearon: { $blocked }, fallidos: { $failed }.
broadcast-paused = En pausa: { $sent } de { $all } enviados. Me bloquearon: { $blocked }, fallidos: { $failed }.
broadcast-done = Listo: { $sent } de { $all } enviados. Me bloquearon: { $blocked }, fallidos: { $failed }.
broadcast-cancelled = Cancelado: { $sent } de { $all } enviados. Me bloquearon: { $blocked }, fallidos: { $failed }.
broadcast-declined = No quisieron recibirlo: { $count }.
broadcast-button-send = Enviar
broadcast-button-pause = Pausar
broadcast-button-resume = Seguir
broadcast-button-cancel = Cancelar

## Avisos
button-report = Aquí algo está mal
report-ask = ¿Qué está mal? { $star }
report-unkind = Es ofensivo
report-photo = En la foto sale otra persona
report-unlike = No hay ningún parecido
report-none = Nada, todo bien
report-thanks = Gracias. Ya he pasado el aviso.
report-closed = De acuerdo, sin avisos.
report =
    { $star } ({ $item }): { $reason }
    Foto: { $photo }
    { $count ->
        [one] Un aviso
       *[other] { $count } avisos
    }, el último el { $day }
reports-none = No hay avisos.
hide-star = Ocultar esta estrella
hide-photo = Ocultar esta foto
hide-none = Dejarlo así
hide-undo = Mostrar otra vez
hide-undo-of = Mostrar otra vez: { $star }
hide-done-star = Estrella oculta en todas partes, desde ya: { $star }.
hide-done-photo = Foto oculta en todas partes, desde ya: { $star }.
hide-undone = Se muestra otra vez.
hide-left = Todo sigue igual: { $star }.
hide-gone = Esa estrella ya está oculta o ya no está en la galería.
hide-who = ¿A quién oculto?
hide-nobody = No conozco a nadie con ese nombre.
hide-usage = /hide NOMBRE oculta una estrella. Ocultas ahora: { $count }.

## La página web. $percent «87%»; de un problema, la primera frase es el título
page-headline = ¿A quién te pareces?
page-lead = Una foto, y verás a qué estrellas se parece más tu cara.
page-language = Idioma
page-no-script = Esta página necesita JavaScript.
page-choose = Elegir una foto
page-choose-other = Elegir otra foto
page-selfie = Hacerme una selfie
page-retry = Probar otra vez
page-cancel = Cancelar
page-hint = o suéltala aquí, o pégala
page-privacy = Tu foto se compara en este servidor, se convierte en una imagen si la pides y se borra al instante; no se guarda nada. Manda solo fotos tuyas o de personas que estén de acuerdo.
page-foot = Un juego para divertirse: un parecido no dice nada sobre quién es nadie.
page-comparing = Comparando… Tarda uno o dos segundos.
page-most-like = A quien más te pareces es a
page-face = Cara { $face } de { $faces }
page-face-like = La cara { $face } de { $faces } se parece sobre todo a
page-meaning = Más parecido que el del { $percent } de la gente con su estrella más cercana.
page-others = Y también, un poco, a
page-your-face = Tu cara
page-faces = Las caras de esta foto
page-photo-by = Foto:
page-again = Probar con otra foto
page-save = Guardar
page-saved = La imagen está en tus descargas.
page-pictures = Imágenes para compartir
page-card = Tarjeta
page-morph = Transformación
page-drawing = Dibujo
page-making = Preparando la imagen… Tarda unos segundos.
page-share = Compartir
page-video = Vídeo
page-strip = Cinco imágenes
page-chat = Para chats
page-story = Historia
page-square = Cuadrada
page-filters = Entre quiénes buscar
page-more = Más
page-region = De
page-born = Nacimiento
page-looking = Buscando otra vez…
page-compare-two = Comparar a dos personas
page-compare-with = Comparar con alguien
page-pair-title = ¿Cuánto se parecen dos personas?
page-first = Primera persona
page-second = Segunda persona
page-pair-hint = Elige una foto de cada persona.
page-pair-meaning = Se parecen más que el { $percent } de las parejas de desconocidos.
page-pair-truth = Dos fotos de una misma persona suelen sacar un 99%. Es un juego: no demuestra que dos fotos sean de la misma persona ni que dos personas sean familia.
page-in-first = Primera foto: { $reason }
page-in-second = Segunda foto: { $reason }
page-back = Volver
page-find = Buscar una estrella por su nombre
page-find-nobody = Aquí no hay ninguna estrella con ese nombre.
page-kin = Caras parecidas
page-liked = A la misma gente también le gusta
page-too-large = Esta foto es demasiado grande. El máximo son 20 MB y 40 megapíxeles.
page-nobody = No hay nadie así en la galería. Elige otra cosa.
page-busy = Ahora mismo hay mucha gente. Tu foto no se ha guardado. Prueba otra vez en unos segundos.
page-often = Han sido muchas fotos en poco tiempo. Espera un minuto y prueba otra vez.
page-often-pictures = Han sido muchas imágenes en poco tiempo. Espera un minuto y prueba otra vez.
page-card-none = La tarjeta no ha salido. Prueba otra vez o con otra foto.
page-offline = No se puede conectar con el servidor. Revisa tu conexión y prueba otra vez.
page-slow = Esto tardó demasiado. Quizá tu conexión sea lenta. Prueba otra vez o manda una foto más pequeña.
page-broken = Algo salió mal en el servidor. No es por tu foto. Prueba otra vez dentro de un momento.
