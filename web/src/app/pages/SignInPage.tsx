import {
  SignIn,
  type SignInProps,
} from "../../features/people/signIn/SignIn.tsx";
import { LanguageSwitch } from "../LanguageSwitch.tsx";

/** The sign-in page, with a choice of language. */
export function SignInPage(props: Omit<SignInProps, "children">) {
  return (
    <SignIn {...props}>
      <LanguageSwitch />
    </SignIn>
  );
}
