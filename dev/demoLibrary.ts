import type { Unstamped } from "../functions/src/domain/kernel/document.ts";
import type { Asset, Playbook } from "../functions/src/domain/cards/library.ts";

type Playbooks = Readonly<
  Record<string, Omit<Unstamped<Playbook>, "active" | "version">>
>;
type Assets = Readonly<
  Record<string, Omit<Unstamped<Asset>, "active" | "version">>
>;

/** What the demo tenant does when something of a kind happens; drafts hold {{account}} and {{title}} alone. */
export const demoPlaybooks: Playbooks = {
  "leadership-change": {
    title: "Meet the people who decide now",
    categories: ["leadership_change", "governance"],
    types: [],
    action:
      "Find out who takes over the responsibility, what they have said they will change, and who of our contacts reports to them. Offer a thirty-minute review of what we have agreed with their predecessor within two weeks, before budgets are looked at again.",
    outreach: [
      {
        channel: "email",
        subject: "A short review for {{account}}'s new leadership",
        body: 'Hello,\n\nwe read "{{title}}". A change like this is a good moment to look at what we agreed with {{account}}, what it has brought so far and what should come next.\n\nMay I suggest thirty minutes in the next two weeks? I will bring one page on where we stand.\n\nKind regards',
      },
      {
        channel: "call",
        subject: "Leadership change at {{account}}",
        body: 'We saw "{{title}}". Who looks after our topics now, and until when? What would they like to know first? May we introduce ourselves briefly?',
      },
    ],
  },
  "deal-and-integration": {
    title: "Help the two sides become one",
    categories: ["acquisition", "partnership"],
    types: [],
    action:
      "Map which of our agreements touch both sides, and where the same thing will now be bought twice. Offer an integration workshop that ends with a list of systems, owners and dates.",
    outreach: [
      {
        channel: "email",
        subject: "{{account}}: one plan for both sides",
        body: 'Hello,\n\ncongratulations on "{{title}}". In the first hundred days it is usually unclear which systems stay and who decides it.\n\nWe have helped clients to settle that in a one-day workshop: systems, owners, dates. Would that be of use to {{account}}?\n\nKind regards',
      },
    ],
  },
  "results-and-funding": {
    title: "Turn the numbers into a plan",
    categories: ["earnings", "funding"],
    types: ["filing", "news"],
    action:
      "Read what management named as priorities and as risks, and match each with what we have delivered. Propose an executive review that starts from their figures, not from our products.",
    outreach: [
      {
        channel: "email",
        subject: "{{account}}'s figures, and what they mean for our work",
        body: 'Hello,\n\nwe have read "{{title}}" and noted which priorities it names. For three of them we have ideas that can show results within two quarters.\n\nMay I show you them on one page?\n\nKind regards',
      },
    ],
  },
  "growing-team": {
    title: "Grow with the team that is being hired",
    categories: ["hiring", "expansion"],
    types: [],
    action:
      "Look at which skills and places are being hired for: they show what is about to be built. Offer to bridge the months until the new people are productive, and training for their first weeks.",
    outreach: [
      {
        channel: "email",
        subject: "While {{account}}'s team grows",
        body: 'Hello,\n\nwe saw that {{account}} is looking for people: "{{title}}". Until they have started and found their feet, months go by.\n\nWe can bridge that time, and have onboarding ready for the first weeks. Shall we talk about what is most urgent?\n\nKind regards',
      },
      {
        channel: "call",
        subject: "Hiring at {{account}}",
        body: 'You are hiring: "{{title}}". What is to be built with the new team, by when, and what happens if the post stays open for a quarter?',
      },
    ],
  },
  "under-pressure": {
    title: "Be useful when things are difficult",
    categories: ["restructuring", "legal", "security_incident"],
    types: [],
    action:
      "Do not sell. Ask who carries the load, offer concrete relief (flexible terms, people, an outside view), and note what must not happen on our side in the next weeks.",
    outreach: [
      {
        channel: "call",
        subject: "Support for {{account}}",
        body: 'We heard about "{{title}}". We do not want to sell you anything now. Is there something of ours that we should pause, bring forward or take off your hands?',
      },
    ],
  },
  "product-news": {
    title: "Build on what they launch",
    categories: ["product_launch", "other"],
    types: [],
    action:
      "Try what was launched, note where our offer makes it better or where it replaces something of ours, and bring two concrete ideas to the next regular meeting.",
    outreach: [
      {
        channel: "email",
        subject: "Two ideas about {{account}}'s news",
        body: 'Hello,\n\n"{{title}}" made us think of two things that could help your customers to get started faster.\n\nShall I sketch them for our next meeting?\n\nKind regards',
      },
    ],
  },
  "deal-event": {
    title: "Act on what moved in the CRM",
    categories: ["deal_event"],
    types: ["crm"],
    action:
      "Call the owner of the deal on the same day, write down what changed and why, and agree the next step with a date.",
    outreach: [
      {
        channel: "call",
        subject: "Next step with {{account}}",
        body: 'Something has moved: "{{title}}". What does {{account}} need from us to take the next step, and by when?',
      },
    ],
  },
};

/** What the demo tenant's cards can point to. */
export const demoAssets: Assets = {
  "leadership-first-100-days": {
    title: "The first hundred days: a guide for new executives",
    summary:
      "How new board members and executives take stock of their suppliers: twelve questions, a template for the review meeting, and three examples from clients.",
    url: "https://demo.example/assets/first-100-days",
    categories: ["leadership_change", "governance"],
  },
  "integration-workshop": {
    title: "Case study: two companies, one set of systems in a hundred days",
    summary:
      "After an acquisition an industrial client merged its customer data, cut its running contracts by a third and kept every deadline. What was decided in which week.",
    url: "https://demo.example/assets/integration-case-study",
    categories: ["acquisition", "partnership", "restructuring"],
  },
  "executive-review": {
    title: "Executive review: template and example",
    summary:
      "One page that starts from a client's published figures and priorities, and says for each what was delivered, what is open and what it is worth.",
    url: "https://demo.example/assets/executive-review",
    categories: ["earnings", "funding", "governance"],
  },
  "team-ramp-up": {
    title: "Ramp-up kit: productive from the second week",
    summary:
      "Onboarding for engineering, analytics and sales teams that grow fast: learning paths, a sandbox with sample data, and office hours with our specialists.",
    url: "https://demo.example/assets/ramp-up-kit",
    categories: ["hiring", "expansion"],
  },
  "incident-support": {
    title: "What we do when a client is in trouble",
    summary:
      "Whom to call, what we can pause or bring forward at once, and how we have helped after security incidents, restructurings and disputes.",
    url: "https://demo.example/assets/incident-support",
    categories: ["security_incident", "legal", "restructuring"],
  },
  "launch-partnering": {
    title: "Reference: launching together",
    summary:
      "How a software vendor brought a new product to three hundred of its customers with us in one quarter: set-up, joint material, results.",
    url: "https://demo.example/assets/launch-partnering",
    categories: ["product_launch", "partnership", "expansion"],
  },
};
