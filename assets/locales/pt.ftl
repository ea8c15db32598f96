# Português do Brasil. Argumentos: $name primeiro nome, $star nome da celebridade, $note quem é, $percent “87%”.

## Os comandos, como o menu do Telegram mostra
command-start = o que este bot faz
command-help = como conseguir um bom resultado
command-privacy = o que acontece com a sua foto
command-delete = apagar tudo sobre mim
command-export = receber tudo o que está guardado sobre mim
command-mine = as estrelas que eu tirei
command-top = as estrelas que mais saíram nesta semana
command-settings = entre quem eu procuro a sua estrela
command-language = escolher o idioma

## O que se vê do bot antes de escrever: nome (64 letras), descrição (512), descrição curta (120)
profile-name = Com quem eu me pareço?
profile-description =
    Mande uma selfie e eu digo com qual celebridade você se parece e quanto. Com uma imagem pra compartilhar. ✨

    🙋 Um rosto só, a turma toda, você e mais alguém.
    🔒 Olho a sua foto uma vez e jogo fora. Nada do seu rosto fica guardado, nunca.
    🎭 É uma brincadeira para adultos e não identifica ninguém.
profile-short-description = Mande uma selfie e descubra com qual celebridade você se parece. Só diversão: nenhuma foto fica guardada. 📸

## Saudações e ajuda
start =
    Oi, { $name }! Mande uma selfie e eu digo com qual celebridade você se parece e quanto.

    { $people ->
        [one] { $people } estrela quer
        [many] { $people } de estrelas querem
       *[other] { $people } estrelas querem
    } conhecer você. 📸
friend = estrela
hello = Oi, { $name }! Mande uma foto do seu rosto e eu acho a sua estrela. 📸
help =
    Mande uma foto e eu respondo com a sua estrela e uma porcentagem.

    • O melhor é um rosto só, de frente e com boa luz.
    • Mais gente na foto? Tem estrela pra todo mundo.
    • Também valem álbuns e imagens enviadas como arquivo (JPEG, PNG, HEIC, WebP, AVIF, GIF). De vídeos, GIFs e figurinhas eu olho um quadro.

    A porcentagem: com 87%, você se parece mais com a sua estrela do que 87% das pessoas com a delas.

    É uma brincadeira para adultos: com rosto de criança eu erro bastante. Não identifica ninguém.

    { $commands }
send-photo = Mande uma foto em que dê pra ver um rosto e eu acho a sua estrela. Mais em /help.
only-pictures = Eu só sei olhar imagens. Mande como foto ou como arquivo JPEG, PNG, HEIC, WebP, AVIF ou GIF.
old-button = Esse botão é de outros tempos e eu já não sei o que fazer com ele. Mande uma foto. 📸
unknown-command = Não conheço esse comando. Mande uma foto ou veja /help.

## Consentimento
consent =
    Antes de olhar a sua foto, { $name }:

    • O rosto é medido e comparado com o das estrelas, e desenhado nas imagens que você recebe. Depois, a foto e as medidas são apagadas; nada disso fica guardado.
    • O que fica guardado, criptografado: quais estrelas você tirou e os ids do Telegram dos seus últimos cartões, pra você poder compartilhar, por { $days ->
        [one] { $days } dia
       *[other] { $days } dias
    }; quantas vezes você tirou cada estrela, por um ano; e o seu id do Telegram, nome, idioma e configurações. /delete apaga tudo de uma vez.
    • É uma brincadeira para adultos e erra bastante com rosto de criança. Não identifica ninguém.
    • Mande só fotos suas ou de quem concordou.

    Tudo bem pra você?
consent-changed = Você já tinha concordado. De lá pra cá, passei a guardar um pouco mais, então pergunto de novo.
consent-again = Esta também espera, até você responder à pergunta ali em cima. Posso olhar?
consent-question =
    Resumindo: olho a foto por mais ou menos um segundo, comparo o rosto com o das estrelas e jogo tudo fora. Ninguém vê, e a foto nunca fica guardada. Guardo quais estrelas você tirou por { $days ->
        [one] { $days } dia
       *[other] { $days } dias
    }; /delete apaga tudo. Mais: /privacy.

    Posso olhar?
not-yours = Este botão é de outra pessoa. Mande uma foto sua e você ganha o seu.
consent-yes = Sim, ache minha estrela
consent-no = Não, valeu
consent-thanks = Valeu! Procurando a sua estrela… ✨
consent-refused = Tudo bem: não olhei a sua foto e já esqueci dela. Se mudar de ideia, é só mandar de novo.
consent-withdrawn = Tudo bem: não olho mais nenhuma foto sua. O que está guardado, /delete apaga.
consent-given = Valeu! Agora mande uma foto. 📸
consent-stale = Você já tinha concordado. Mande uma foto. 📸

## Respostas
tier-twin = { $variant ->
    [0] Uma semelhança de fazer virar o pescoço.
    [1] É raro dois desconhecidos se parecerem tanto.
    [2] Tal e qual!
    [3] Do outro lado da rua, difícil saber quem é quem.
    [4] Semelhança assim não se vê todo dia.
    [5] Capaz da galera começar a te chamar por esse nome.
    [6] Se um dia precisarem de dublê, já sabem onde achar.
    [7] Isso é que é semelhança!
    [8] Pouca gente chega tão perto da própria estrela.
   *[other] Esses dois rostos têm muita coisa igual.
    }
tier-strong = { $variant ->
    [0] Que semelhança impressionante!
    [1] Dá pra ver de cara.
    [2] Mais que um ar: é parecido mesmo.
    [3] Um dia alguém na rua ainda vai te falar isso.
    [4] Boa combinação, bem acima da média.
    [5] Dava pra passar por parente.
    [6] Tem muito desse rosto no seu.
    [7] De óculos escuros, o povo ia ficar na dúvida.
    [8] Uma semelhança que vale contar por aí.
   *[other] Vocês iam ficar bem na mesma foto.
    }
tier-some = { $variant ->
    [0] Alguma coisa vocês têm em comum.
    [1] Um arzinho, e dos bons.
    [2] Com a luz certa, sim.
    [3] Alguns traços rimam.
    [4] Num dia bom, um ar de família.
    [5] Sósia não é, mas alguma coisa tem.
    [6] A semelhança se esconde, mas está aí.
    [7] Meia semelhança, e um rosto inteirinho seu.
    [8] Uma pitada de poeira de estrelas.
   *[other] Olhe duas vezes e você vai ver.
    }
tier-faint = { $variant ->
    [0] Uma semelhança de leve, mas ninguém chega mais perto.
    [1] Você se parece mesmo é com você.
    [2] Um rosto raro: até a estrela mais próxima fica longe.
    [3] O que falta às estrelas é alguém como você.
    [4] Quase ninguém se parece com você, e isso é um elogio.
    [5] Original de fábrica! Esta estrela só é a que chega mais perto.
    [6] Sósia não apareceu; esta é a sua vizinha mais próxima no céu.
    [7] Um rosto com personalidade. Se é pra ser uma estrela, que seja esta.
    [8] Parecido só um pouquinho: a galeria tem poucos rostos como o seu.
   *[other] Um rosto único, com uma piscadinha pra esta estrela.
    }
answer =
    { $percent } { $star }{ $note }
    { $tier }
    { $meaning }
answer-meaning = Você se parece mais com a sua estrela do que { $percent } das pessoas com a delas.
answer-place = Número { $place } das { $count } estrelas mais parecidas com você.
among = Entre { $who }:
among-born = Entre { $who } (nascimento: { $years }):
among-any = estrelas
among-male = homens
among-female = mulheres
from-africa = da África
from-asia = da Ásia
from-east-asia = do Leste Asiático
from-south-asia = do Sul da Ásia
from-middle-east = do Oriente Médio
from-europe = da Europa
from-north-america = da América do Norte
from-latin-america = da América Latina
from-oceania = da Oceania
answer-group = 👥 Na foto, da esquerda pra direita:
answer-other = { $star } – { $percent }
answer-more-people = …e mais { $count }
note = , { $note }
doubt-dark = 🌙 A foto está escura, então o resultado é menos certo. Com boa luz, pode sair outra estrela.
doubt-blurred = 🌫 O rosto está borrado, então o resultado é menos certo. Com uma foto nítida, pode sair outra estrela.
doubt-covered = 😷 Parte do rosto está coberta, então o resultado é menos certo. Com o rosto todo à mostra, pode sair outra estrela.
doubt-turned = ↪️ O rosto está de lado, então o resultado é menos certo. De frente, pode sair outra estrela.
card-you = Você
card-question = E você? Com quem você se parece?
card-from-photos = de { $photos } fotos
card-credit = Foto: { $author }{ $license }
card-credit-license = , { $license }
card-credit-cropped = { $credit }, recortada
card-license = { $credit } · cartão: { $license }
credit-source = fonte
credit = 📷 { $author }{ $license }
button-next = Outra estrela ▶
button-previous = ◀ Voltar
button-filters = Região e época
button-back = ◀ Voltar à minha estrela
chosen = ✓ { $what }
where-male = Homens
where-female = Mulheres
where-any = Todos
where-nobody = Não sobrou ninguém ali pra comparar com você. Tente uma escolha mais ampla.
region-any = O mundo todo
region-africa = África
region-asia = Ásia
region-east-asia = Leste Asiático
region-south-asia = Sul da Ásia
region-middle-east = Oriente Médio
region-europe = Europa
region-north-america = América do Norte
region-latin-america = América Latina
region-oceania = Oceania
era-any = Qualquer ano
era-until = até { $last }
era-from = desde { $first }
settings = Eu procuro a sua estrela assim: { $among }. Quer mudar?
settings-anybody = entre todas as estrelas
photo-gone = Não vejo mais essa foto; talvez tenha sido apagada. Mande de novo e a gente continua. 📸
button-about = Quem é { $star }?
button-share = Contar pra alguém
share-text = Eu me pareço com { $star }: { $percent }! E você?
more = Depois de { $star } ({ $percent }), você se parece mais com:
more-line = { $rank }. { $star } – { $percent }
more-none = Dessa foto não tem mais nada pra mostrar. Mande outra. 📸

## Coleção
mine = ⭐ Suas estrelas: { $count } de { $people }.
mine-rarest =
    💎 A mais rara: { $star }, { $people ->
        [one] que só você tirou
        [many] que { $people } de pessoas tiraram
       *[other] que { $people } pessoas tiraram
    }.
mine-line = • { $star } – { $when }{ $times }
mine-times = , { $count ->
        [one] { $count } vez
       *[other] { $count } vezes
    }
mine-unmet =
    🔭 { $count ->
        [one] { $count } estrela ainda não saiu
        [many] { $count } de estrelas ainda não saíram
       *[other] { $count } estrelas ainda não saíram
    } pra ninguém. Quem será? /top
mine-none = Você ainda não tem estrelas. Mande uma foto do seu rosto e ganhe a primeira de { $people }. 📸
ago =
    { $days ->
        [0] hoje
        [one] ontem
       *[other] há { $days } dias
    }
top = 🔥 As estrelas que mais saíram nesta semana:
top-line =
    { $rank }. { $star } – { $people ->
        [one] { $people } pessoa
        [many] { $people } de pessoas
       *[other] { $people } pessoas
    }
top-none = Nesta semana ainda não saiu nenhuma estrela. Mande uma foto do seu rosto e estreie a lista. 📸
top-unmet =
    🔭 { $count ->
        [one] { $count } estrela ainda não saiu
        [many] { $count } de estrelas ainda não saíram
       *[other] { $count } estrelas ainda não saíram
    } pra ninguém. Por exemplo:
inline-mine-too = E eu, com quem me pareço? 📸
inline-how-alike = A gente se parece quanto? 📸
inline-find-mine = 📸 Achar minha estrela
inline-star = { $star }{ $note }
friend-star =
    👋 Oi, { $name }! Pra { $friend } saiu { $star }: { $percent }.
    E você, com quem se parece? Mande uma foto do seu rosto. 📸
friend-link-over = Oi, { $name }! O que esse link contava não se conta mais. Mas eu posso dizer com quem você se parece: mande uma foto do seu rosto. 📸
friend-link-own = Esse link é o seu. Mande pra alguém: ele conta qual estrela você tirou.
button-morph = 🎬 Virar a estrela
button-strip = 🖼 Em cinco imagens
morph = Você virando { $star }: { $percent } 🎬
morph-license = Esta imagem também pode ser repassada sob { $license }.
morph-none = Com esta foto não dá: preciso de um rosto de frente e de uma foto da estrela que possa ser alterada.
button-story = 📱 Para stories
button-square = ◻️ Quadrada
button-avatar = 🎨 Meu retrato desenhado
avatar = Seu retrato desenhado 🎨
avatar-none = Não consigo desenhar esta foto: preciso de um rosto maior e bem visível.
avatar-comic = 💥 Quadrinhos
avatar-ink = 🖋 Nanquim
avatar-poster = 🌆 Cartaz
avatar-sticker = Como figurinha
avatar-round = ⭕ Redondo
avatar-ask = 🎨 Me mande uma foto com seu rosto grande e bem visível, e eu desenho você: em quadrinhos, a nanquim ou como pôster.
avatar-own = Só desenho quem enviou a foto. Responda com /avatar a uma foto sua, ou me mande uma no privado. 🎨
button-challenge = ⚔️ Desafiar alguém
challenge-made =
    ⚔️ Mande este link pra quem você quer desafiar:
    { $link }
    Quando a pessoa me mandar uma foto do rosto, vocês recebem um cartão com os dois rostos e quanto se parecem. O link vale por sete dias. Sua foto continua no Telegram; eu só anoto onde ela está.
challenge-send = Escolher alguém
challenge-share = Quanto a gente se parece? ⚔️
challenge-take-back = Retirar
challenge-asked =
    ⚔️ { $friend } quer saber quanto vocês se parecem!
    Mande uma foto do seu rosto e vocês recebem um cartão com os dois rostos e uma porcentagem. Dá pra retirar quando quiserem.
challenge-no = Não, valeu
challenge-again = { $reason }
    Mande outra e eu comparo vocês. ⚔️
challenge-own = Esse desafio é seu. Mande o link pra outra pessoa. ⚔️
challenge-over = Esse desafio já acabou ou foi retirado.
duel-please-delete = A outra pessoa retirou o cartão de vocês dois. Eu já não consigo apagar aqui: apague você, por favor. Valeu!
challenge-declined = Tudo bem, sem comparação. Se mudar de ideia, abra o link de novo.
challenge-taken-back = Retirado: o link não funciona mais.
duel-result =
    ⚔️ Vocês, { $one } e { $other }: { $percent }
    { $tier }
    Vocês se parecem mais do que { $percent } dos pares de desconhecidos. É brincadeira: não diz nada sobre parentesco.
duel-taken-back = Retirado: o cartão foi apagado nos dois chats.
tell-friends = 🔗 Meu link pode contar minha estrela
tell-friends-stop = 🔗 Meu link conta minha estrela ✓

## Álbuns
album-pooled = 🖼 De { $photos } fotos, olhadas em conjunto.
album-one = 🖼 Vista só nesta foto do álbum.
album-left-out = { $photos ->
    [one] Em mais { $photos } não achei nenhum rosto que servisse.
   *[other] Em mais { $photos } não achei nenhum rosto que servisse.
}
album-each = Olhei cada uma destas fotos:
album-line = { $number }. { $answer }

## Uma estrela
command-star = a página de uma estrela, pelo nome
star-ask = De quem você quer ver a página? Escreva o nome de uma estrela.
star-which = De quem você está falando?
star-unknown = Não conheço ninguém com esse nome. Tente escrever de outro jeito ou outra estrela.
star-gone = Essa estrela não está mais na minha galeria. Tente outra: /star
star-kin = As estrelas mais parecidas (distância, cosseno):
star-kin-line = • { $star } – { $distance }, { $cosine }
star-found = { $count ->
        [one] { $count } pessoa aqui tirou
        [many] { $count } de pessoas aqui tiraram
       *[other] { $count } pessoas aqui tiraram
    } esta estrela.
button-duel = A gente se parece quanto?
duel-ask = Quanto você se parece com { $star }? Mande uma foto do seu rosto e eu digo. 📸
duel =
    { $percent } { $star }
    { $tier }
    Você se parece mais com { $star } do que { $percent } das pessoas.
duel-twin = Na próxima vez que pedirem autógrafo, sorria e assine.
duel-strong = Sim, eu vejo. E com certeza não só eu.
duel-some = Tem uma coisinha aí.
duel-faint = Não é muito parecido: como você, só você.
duel-doubt = A foto não está muito nítida, então o resultado é menos certo. Outra pode dar outra porcentagem.
duel-share-text = { $star } e eu: { $percent } de semelhança! E você?
role-actor = cinema
role-athlete = esporte
role-singer = música
role-footballer = futebol
role-rapper = rap
role-coach = treino
role-tennis-player = tênis
role-model = moda
role-presenter = televisão
role-director = direção
role-dancer = dança
role-basketball-player = basquete
role-comedian = humor
role-racing-driver = automobilismo
role-politician = política
role-royalty = realeza
role-writer = livros
role-musician = música
role-businessperson = negócios
role-youtuber = YouTube

## Grupos
group-welcome = Oi, gente! 👋 Responda à sua própria foto com /lookalike, ou mande uma e mencione { $bot } na legenda, e eu digo com quem você se parece. Se a foto for de outra pessoa, pergunto a ela primeiro. Fora isso, fico na minha.
group-no-pictures = Aqui não me deixam mandar imagens, então respondo só com palavras. Um admin pode mudar isso.
group-next-photo = Mande uma foto do seu rosto em resposta a esta mensagem e eu digo com quem você se parece. 📸
command-lookalike = com quem eu me pareço? (em grupos)
permission-star = { $name } pergunta: com quem você se parece? Posso olhar esta foto? Uma vez só; nada dela fica guardado.
permission-pair = { $name } pergunta: quanto vocês se parecem? Posso olhar esta foto? Uma vez só; nada dela fica guardado.
permission-yes = Sim, pode
permission-no = Não, valeu
permission-thanks = Valeu! Olhando… ✨
permission-refused = Tudo bem: não olhei esta foto.
permission-old = Essa pergunta já é velha demais. Pergunte de novo, por favor.
elsewhere-photo = Responda a uma foto sua com { $bot }, ou ponha { $bot } na legenda, e eu digo com quem você se parece. 📸
elsewhere-consent = Antes de olhar uma foto, preciso do seu ok, uma vez só e na nossa conversa: abra { $bot } e mande uma foto lá. Depois funciona aqui também.

## Comparar duas pessoas
command-compare = quanto duas pessoas se parecem?
command-avatar = sua foto em desenho
compare-ask = 👥 Mande duas fotos, uma depois da outra ou juntas, e eu digo quanto as duas pessoas se parecem. Só com o sim de quem aparece nelas, por favor.
compare-second = Recebi. Agora a foto da segunda pessoa. 👥
compared =
    👥 { $percent }
    { $tier }
    Essas duas pessoas se parecem mais do que { $percent } dos pares de desconhecidos. É brincadeira: não diz nada sobre parentesco.
pair-twin = Duas gotas d’água, ou a mesma pessoa!
pair-strong = Semelhança impressionante: passariam por parentes.
pair-some = Alguma coisa têm em comum.
pair-faint = Dois rostos bem diferentes, cada um único.
compare-refused-first = Na primeira foto: { $reason }
    Mande outra pra comparar com a segunda.
compare-refused-second = Na segunda foto: { $reason }
compare-gone = Essa foto não está mais lá. Mande de novo. 📸
compare-first-name = Primeira foto
compare-second-name = Segunda foto
compare-left-name = Esquerda
compare-right-name = Direita
button-compare = 👥 Quanto se parecem?
button-cards = 🖼 Um cartão pra cada um

## Menu e conversa
command-random = uma estrela ao acaso
menu-find = 📸 Achar minha estrela
menu-random = 🎲 Estrela ao acaso
menu-mine = ⭐ Minhas estrelas
menu-how = 💬 Tudo bem?
menu-great = 😊 Tudo ótimo!
menu-soso = 😐 Mais ou menos
menu-number = 🎲 Mais um
menu-find-answer = Com prazer! Mande uma foto do seu rosto e eu acho a sua estrela. 📸
star-near = Não sei bem de quem você está falando. É alguém daqui?
lost-menu = Essa eu não entendi, desculpa. O que eu faço bem é isto:
lost-stars = Sou melhor com rostos do que com palavras. Vamos ver um destes?
talk-thanks = Imagina! 💛
talk-who = Sou um bot que conhece muitos rostos famosos. Mande o seu e eu digo com qual estrela você se parece.
talk-how = Tudo ótimo, valeu: o dia inteiro entre estrelas. E com você?
talk-great = Que bom! Hora perfeita pra uma selfie. 📸
talk-soso = Então vamos animar isso: que tal uma estrela?
talk-number = Seu número é { $number }.
talk-bye = Até mais! As estrelas e eu ficamos por aqui. 👋
talk-compliment = Valeu, fiquei sem graça. 😊 Você também não é nada mal.
talk-insult = Ainda tenho muito que aprender. Vamos tentar com uma foto: é nisso que eu mando bem.
talk-love = Que fofura. ❤️ Sou só um bot, mas você alegrou o meu dia.
talk-joke = { $variant ->
        [0] Por que as estrelas nunca se sentem sozinhas? Porque sempre andam em constelação.
        [1] Por que sou bom de encontros? Porque reconheço as pessoas de cara.
       *[other] Um espelho e eu fazemos a mesma coisa. Mas só um de nós conhece a Angelina Jolie.
    }
talk-age = Idade de quem ainda tem curiosidade, mas se lembra do cinema em preto e branco.
talk-can =
    • Mande uma foto: digo com qual estrela você se parece.
    • Escreva o nome de uma estrela: mostro quem é e quem se parece com ela.
    • /star e o botão embaixo: quanto vocês se parecem.

    Todo o resto: /help
talk-from = De um computador que nunca dorme. Passam rostos famosos por aqui o dia inteiro.
talk-real = Sou um bot: sem coração, mas com a cabeça cheia de rostos.
talk-laugh = { $variant ->
        [0] 😄 Adoro quando alguém ri.
        [1] 😂 Uma boa risada melhora qualquer selfie.
       *[other] 😁 Segura esse sorriso e mande uma foto!
    }
talk-okay = { $variant ->
        [0] 👍 Quando quiser: uma foto ou o nome de uma estrela.
        [1] 👌 Tô aqui. Mande uma foto ou escreva o nome de uma estrela.
       *[other] 🙂 Certo. Vamos achar a sua estrela? Basta uma foto.
    }
talk-sorry = Sem problema. 💛
talk-bored = Com isso eu posso ajudar. Vamos lá?
talk-honest = Eu só meço a que distância dois rostos estão, e a luz e o ângulo contam. Outra foto pode dizer outra coisa.
talk-pretty = Beleza não sou eu que meço, nem ninguém. O que eu posso dizer é com qual estrela você se parece.
talk-photo = Toque no clipe 📎 ao lado do campo de mensagem e escolha uma foto ou tire uma. O melhor é o rosto de frente, com boa luz.

## Por que não há resposta
no-face = Não vejo nenhum rosto nesta imagem. Tente uma de frente, de perto e com boa luz.
too-dark = Está escuro demais: não vejo nenhum rosto. Tente com boa luz, com a lâmpada ou a janela na sua frente.
blurred = A imagem está borrada demais: não vejo nenhum rosto. Segure o celular firme, limpe a lente e tente de novo.
face-too-small = O rosto está pequeno demais pra mim. Chegue mais perto ou mande uma imagem maior.
unreadable = Esta imagem está danificada e não consigo abrir. Mande de novo ou tente outra.
too-large = Esta imagem é grande demais: o máximo são 20 MB e 40 megapixels. Mande como foto e o Telegram diminui.
not-a-picture = Este arquivo não é uma imagem que eu consiga ler. Valem JPEG, PNG, HEIC, WebP, AVIF e GIF.
failed = Desculpe, alguma coisa deu errado. Tente de novo, por favor.
waiting =
    Tem muita gente aqui agora. Sua foto é a número { $place } da fila; leva mais ou menos { $seconds ->
        [one] { $seconds } segundo
       *[other] { $seconds } segundos
    }. Eu respondo, não precisa mandar de novo. ⏳

## Notas: $score vai de 1 a 10, $stars são nomes com “e” antes do último
command-rate = dar nota às estrelas, uma depois da outra
command-recommend = estrelas de que você vai gostar
button-rate = 💛 Dar nota
button-rated = 💛 { $score } de 10 · mudar
button-unrate = Tirar a nota
button-rate-stars = 💛 Dar notas
button-skip = Pular
button-stop = Parar
button-recommend = 💛 De quem eu vou gostar?
rating-asked = 1: não é pra mim, 10: adoro. A nota fica guardada por um ano, criptografada, pra recomendar estrelas; /delete apaga.
rating-kept = { $star }: { $score } de 10. Dá pra mudar ou tirar a nota.
rating-gone = { $star }: sua nota foi apagada.
rate-how = Quanto você gosta de { $star }? 1: não é pra mim, 10: adoro.
rate-count = Notas até agora: { $count }
rate-notice = Guardo suas notas por um ano, criptografadas, pra recomendar estrelas a você e a outras pessoas. /delete apaga tudo.
rate-done =
    { $count ->
        [one] Você deu nota a { $count } estrela.
        [many] Você deu nota a { $count } de estrelas.
       *[other] Você deu nota a { $count } estrelas.
    }
rate-all = Você deu nota a todas as estrelas que eu conheço. ⭐
recommend = 💛 Acho que você vai gostar:
recommend-line = { $rank }. { $star }{ $why }
recommend-liked = , porque você gosta de { $stars }
recommend-face = , com um rosto como o de { $stars }
recommend-known = , entre os nomes mais conhecidos
recommend-early = Ainda há poucas notas. Até haver mais, vou pelos rostos e pela fama.
recommend-missing =
    Recomendo estrelas depois de cinco notas suas: { $count ->
        [one] falta { $count }.
       *[other] faltam { $count }.
    }
names-and = { $names } e { $name }
star-also = 💛 Quem gosta, gosta também de: { $stars }
privacy-ratings = ⭐ Se você dá nota às estrelas, eu guardo isso também, criptografado, por um ano. Ajuda a recomendar estrelas a você e a outras pessoas; ninguém mais fica sabendo de quem era a nota.
stats-ratings = Notas guardadas: { $ratings }

## Privacidade
privacy =
    O que acontece aqui, em palavras simples:

    📷 Sua foto fica na memória enquanto eu respondo, mais ou menos um segundo, e nunca é gravada em lugar nenhum. O mesmo vale para as medidas do seu rosto. Ninguém olha a foto e nenhum modelo aprende com ela.

    🗂 Eu guardo o seu id do Telegram, nome, idioma e configurações, quando você escreveu pela primeira e pela última vez, quando concordou, quais estrelas tirou e os ids do Telegram dos seus últimos cartões, pra você poder compartilhar. Esse histórico é apagado depois de { $days ->
        [one] { $days } dia
       *[other] { $days } dias
    }; quantas vezes você tirou cada estrela, um ano depois da última. Tudo fica criptografado no meu disco{ $log ->
        [readable] ; quem me administra mantém uma cópia no próprio banco de dados, onde pode ler.
        [sealed] ; quem me administra mantém uma cópia no próprio banco de dados, também criptografada.
       *[none] .
    }

    🙋 /export manda tudo o que eu guardo sobre você. /delete apaga tudo de uma vez.

    ⚖️ É uma brincadeira para adultos e erra bastante com rosto de criança. Não identifica ninguém e não serve pra descobrir quem é uma pessoa. Mande só fotos suas ou de quem concordou.
privacy-pictures = 🎨 O cartão e, se você pedir, uma transformação ou um desenho são feitos com a sua foto. Não guardo nenhuma dessas imagens.
privacy-more = ⚔️ Um desafio guarda, por no máximo sete dias, onde o Telegram tem a sua foto, não a foto em si. De quem é bloqueado fica o id, mesmo depois de /delete.
privacy-operator = 🧑‍💻 Este bot é administrado por { $operator }.
deleted = Pronto: tudo sobre você foi apagado, seu consentimento também. Se escrever de novo, a gente recomeça do zero. 👋
deleted-banned = Pronto: tudo sobre você foi apagado, seu consentimento também. Só fica o seu id na lista de quem eu não respondo.
banned = Não respondo mais a você: quem me administra decidiu assim. /export e /delete continuam funcionando.
deleted-nothing = Não há nada guardado sobre você aqui.
private-only = Pergunte isso numa conversa particular: não é coisa pra um grupo ler.
export-wait = Acabei de mandar isso. Peça de novo daqui a um minuto.
export-caption = Tudo o que está guardado sobre você.

## Idioma
language = Que idioma eu falo com você?
language-auto = Igual ao meu Telegram
language-chosen = Vou falar português.

## Para quem administra o bot
stats =
    Pessoas: { $people }; concordaram: { $consented }; bloquearam o bot: { $blocked }
    Respostas guardadas: { $answers }; com estrela: { $matches }
    Fotos esperando consentimento: { $held }
    Atualizações ainda sem resposta: { $waiting }; abandonadas: { $dead }
    Linhas a caminho do MongoDB: { $outbox }
    Estrelas na galeria: { $stars }
    Processos de rostos perdidos: { $deaths }
chart-people = Gente nova
chart-answers = Respostas
chart-matches = Com estrela
chart-refusals = Sem estrela
chart-languages = Idiomas
ban-usage = { $command } precisa de um id do Telegram depois, ou de uma mensagem da pessoa: encaminhe pra mim e responda a ela com { $command }.
ban-admin = Não: aí seria eu ou alguém que me administra.
ban-done = { $user } entrou na lista de bloqueio e não recebe mais resposta. /unban desfaz.
ban-before = { $user } já estava na lista de bloqueio.
unban-done = { $user } volta a receber resposta.
unban-nobody = { $user } não estava na lista de bloqueio.
reload-done = O índice do disco está em uso: { $people ->
        [one] { $people } estrela
        [many] { $people } de estrelas
       *[other] { $people } estrelas
    }.
reload-refused = O índice do disco foi recusado; o anterior continua em uso: { $why }
news-on = 🔔 Você recebe as mensagens que vão pra todo mundo.
news-off = 🔕 Você não recebe as mensagens que vão pra todo mundo.
news-stop = 🔕 Não quero mais destas
news-again = 🔔 Quero receber de novo
broadcast-usage = Escreva o que todo mundo deve ler: /broadcast TEXTO. Ou responda a uma mensagem com /broadcast, e todo mundo recebe uma cópia, com imagens e formatação.
broadcast-cannot = Essa mensagem não pode ser copiada. Tente outra.
broadcast-draft = É isto que { $people ->
        [one] { $people } pessoa vai
        [many] { $people } de pessoas vão
       *[other] { $people } pessoas vão
    } receber. Mando?
broadcast-running = A caminho: { $sent } de { $all } enviadas. Me bloquearam: { $blocked }, falharam: { $failed }.
broadcast-paused = Em pausa: { $sent } de { $all } enviadas. Me bloquearam: { $blocked }, falharam: { $failed }.
broadcast-done = Pronto: { $sent } de { $all } enviadas. Me bloquearam: { $blocked }, falharam: { $failed }.
broadcast-cancelled = Cancelado: { $sent } de { $all } enviadas. Me bloquearam: { $blocked }, falharam: { $failed }.
broadcast-declined = Não quiseram receber: { $count }.
broadcast-button-send = Enviar
broadcast-button-pause = Pausar
broadcast-button-resume = Continuar
broadcast-button-cancel = Cancelar

## Avisos
button-report = Tem algo errado
report-ask = O que está errado? { $star }
report-unkind = É ofensivo
report-photo = A foto é de outra pessoa
report-unlike = Não tem nada a ver
report-none = Nada, está tudo certo
report-thanks = Valeu. Já passei adiante.
report-closed = Tudo bem, nenhum aviso foi feito.
report =
    { $star } ({ $item }): { $reason }
    Foto: { $photo }
    { $count ->
        [one] { $count } aviso
       *[other] { $count } avisos
    }, o último em { $day }
reports-none = Não há avisos.
hide-star = Ocultar esta estrela
hide-photo = Ocultar esta foto
hide-none = Deixar como está
hide-undo = Mostrar de novo
hide-undo-of = Mostrar de novo: { $star }
hide-done-star = Estrela oculta em toda parte, a partir de agora: { $star }.
hide-done-photo = Foto oculta em toda parte, a partir de agora: { $star }.
hide-undone = Está à mostra de novo.
hide-left = Tudo fica como está: { $star }.
hide-gone = Essa estrela já está oculta ou não está mais na galeria.
hide-who = Quem eu oculto?
hide-nobody = Não conheço ninguém com esse nome.
hide-usage = /hide NOME oculta uma estrela. Ocultas agora: { $count }.

## A página web. $percent “87%”; de um problema, a primeira frase é o título
page-headline = Com quem você se parece?
page-lead = Uma foto, e você vê com quais estrelas o seu rosto mais se parece.
page-language = Idioma
page-no-script = Esta página precisa de JavaScript.
page-choose = Escolher uma foto
page-choose-other = Escolher outra foto
page-selfie = Tirar uma selfie
page-retry = Tentar de novo
page-cancel = Cancelar
page-hint = ou solte aqui, ou cole
page-privacy = Sua foto é comparada neste servidor, vira uma imagem se você pedir e é apagada na hora; nada fica guardado. Mande só fotos suas ou de quem concordou.
page-foot = Uma brincadeira: parecer-se com alguém não diz nada sobre quem a pessoa é.
page-comparing = Comparando… Leva um ou dois segundos.
page-most-like = Você se parece mais com
page-face = Rosto { $face } de { $faces }
page-face-like = O rosto { $face } de { $faces } se parece mais com
page-meaning = Mais parecido do que { $percent } das pessoas com a estrela mais próxima delas.
page-others = E também, um pouquinho, com
page-your-face = Seu rosto
page-faces = Rostos desta foto
page-photo-by = Foto:
page-again = Tentar outra foto
page-save = Salvar
page-saved = A imagem está nos seus downloads.
page-pictures = Imagens para compartilhar
page-card = Cartão
page-morph = Transformação
page-drawing = Desenho
page-making = Preparando a imagem… Leva alguns segundos.
page-share = Compartilhar
page-video = Vídeo
page-strip = Cinco imagens
page-chat = Para conversas
page-story = Story
page-square = Quadrado
page-filters = Entre quem procurar
page-more = Mais
page-region = De onde
page-born = Nascimento
page-looking = Procurando de novo…
page-compare-two = Comparar duas pessoas
page-compare-with = Comparar com alguém
page-pair-title = Quanto duas pessoas se parecem?
page-first = Primeira pessoa
page-second = Segunda pessoa
page-pair-hint = Escolha uma foto de cada pessoa.
page-pair-meaning = Mais parecidas do que { $percent } dos pares de desconhecidos.
page-pair-truth = Duas fotos da mesma pessoa quase sempre dão 99%. É uma brincadeira: não prova que duas fotos são da mesma pessoa nem que duas pessoas são parentes.
page-in-first = Primeira foto: { $reason }
page-in-second = Segunda foto: { $reason }
page-back = Voltar
page-find = Procurar uma estrela pelo nome
page-find-nobody = Não há nenhuma estrela com esse nome aqui.
page-kin = Rostos parecidos
page-liked = Quem gosta, gosta também de
page-too-large = Esta foto é grande demais. O máximo são 20 MB e 40 megapixels.
page-nobody = Não há ninguém assim na galeria. Escolha outra coisa.
page-busy = Tem muita gente aqui agora. Sua foto não foi guardada. Tente de novo em alguns segundos.
page-often = Foram muitas fotos em pouco tempo. Espere um minuto e tente de novo.
page-often-pictures = Foram muitas imagens em pouco tempo. Espere um minuto e tente de novo.
page-card-none = O cartão não deu certo. Tente de novo ou com outra foto.
page-offline = Não foi possível falar com o servidor. Confira sua conexão e tente de novo.
page-slow = Isso demorou demais. Talvez sua conexão esteja lenta. Tente de novo ou mande uma foto menor.
page-broken = Algo deu errado no servidor. Não é culpa da sua foto. Tente de novo daqui a pouco.
