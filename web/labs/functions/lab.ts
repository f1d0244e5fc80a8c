// Replaced by the lab itself.
import type { OpenLab } from "../lab";

export const open: OpenLab = () => ({ shown() {}, hidden() {} });
