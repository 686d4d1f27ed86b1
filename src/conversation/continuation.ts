// Says whether a message only asks for more of the same. What such a message is about was said before it. Called where
// turns are collected for routing.

/** Longer messages say something of their own. */
const LONGEST = 48;

/** Lower case, without punctuation, and without "please" and "thanks" at either end. */
const PHRASES: ReadonlySet<string> = new Set(
  `
  continue|go on|go ahead|keep going|carry on|proceed|resume|next|next one|next step|go|go for it|do it|do that|do so
  yes|y|yep|yeah|yup|sure|of course|ok|okay|k|alright|all right|right|correct|exactly|agreed|approved|confirmed|confirm
  yes do it|yes go ahead|yes continue|yes proceed|yes do that|ok continue|ok go ahead|ok go|ok do it|okay continue
  okay go ahead|sure go ahead|sounds good|looks good|looks good to me|lgtm|that works|works for me|good continue
  great continue|perfect continue|more|tell me more|and then|again|try again|retry|finish it|finish|the rest
  the first one|the second one|the third one|the last one|the former|the latter|both|all of them|either|yes to all
  weiter|mach weiter|weiter gehts|fortfahren|ja|ja gerne|gerne|klar|los|genau|passt|noch einmal|nochmal|mehr|ja mach das
  continuez|vas y|allez y|oui|d accord|la suite|encore|oui continue|oui vas y
  continúa|continua|sigue|adelante|sí|si|dale|vale|de acuerdo|claro|hazlo|otra vez|sí continúa|sí adelante
  vai avanti|avanti|sì|va bene|certo|procedi|d accordo|ancora|sì continua|continua pure
  prossegue|prossiga|sim|pode continuar|vai em frente|segue|isso|de novo|sim continua
  ga door|ga verder|doorgaan|verder|graag|ja graag|prima|oké|ga je gang
  kontynuuj|dalej|tak|dobrze|jasne|fortsätt|fortsett|fortsæt|devam|devam et|evet|tamam
  продолжай|продолжайте|дальше|да|давай|хорошо|ок|конечно|ещё|еще|да продолжай
  继续|請繼續|请继续|繼續|好|好的|是|是的|可以|行|接着说|下一步|对|好的 继续
  続けて|続けてください|続き|はい|お願いします|はい お願いします|はいお願いします|次|どうぞ|はい 続けて
  계속|계속해|계속해줘|계속해 주세요|네|예|응|좋아|진행해|다음|네 계속해 주세요
  استمر|تابع|أكمل|نعم|حسنا|जारी रखें|हाँ|हां|आगे
  `
    .split(/[|\n]/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== ''),
);

const COURTESIES = [
  'please',
  'pls',
  'thanks',
  'thank you',
  'bitte',
  'danke',
  's il te plaît',
  's il vous plaît',
  'merci',
  'por favor',
  'gracias',
  'per favore',
  'grazie',
  'obrigado',
  'obrigada',
  'alsjeblieft',
  'proszę',
  'пожалуйста',
  'lütfen',
  'من فضلك',
  '부탁해요',
  '谢谢',
].join('|');
const COURTESY = new RegExp(`^(?:${COURTESIES}) | (?:${COURTESIES})$`, 'g');

/** One of several that were offered: `2`, `option b`. */
const CHOICE = /^(?:option |number |nr |no )?(?:\d{1,2}|[a-d])$/;

export function isContinuation(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return false;
  const words = trimmed
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .replace(COURTESY, '');
  return PHRASES.has(words) || CHOICE.test(words);
}
