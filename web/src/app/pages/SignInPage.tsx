import {
  SignIn,
  type SignInProps,
} from "../../features/people/signIn/SignIn.tsx";
import { LanguageSwitch } from "../LanguageSwitch.tsx";

/** The way in, in the language of whoever comes. */
export function SignInPage(props: Omit<SignInProps, "children">) {
  return (
    <SignIn {...props}>
      <LanguageSwitch />
    </SignIn>
  );
}
