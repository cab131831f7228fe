import { testCrashPoints } from "../../support/crashMidStage.ts";

testCrashPoints("filing");
